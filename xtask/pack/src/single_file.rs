//! The whole app as one HTML file that works from a disk, without a server or a network.
//!
//! Everything that the built page names is put into it: style sheets, the glue script, the module (as
//! base64 of its gzip). The scripts stay the ones of the site. Only where they fetch a neighbour is
//! something else put, and a line that is not where it is expected stops the build. The policy allows
//! exactly the script and the style in the file, by their hashes, and no connection at all; the worker
//! is the same script, from memory.

use std::fs;
use std::io;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Where the site's scripts load the glue.
const IMPORT: &str = "const { default: init } = await import(js);";
/// Where the site's first script learns the addresses of its neighbours.
const ADDRESSES: &str = "const { js, wasm } = document.querySelector(\"script[data-wasm]\").dataset;";

/// What the glue gives to others, at its end.
const EXPORT: &str = "export { initSync, __wbg_init as default };";
/// In the file, the glue is in the same script.
const INIT: &str = "const init = __wbg_init;";
/// In the file, the worker's address is one in memory, and the module is unpacked from the page.
const UNPACK: &str = r#"const app = document.querySelector("script[data-js]");
app.dataset.worker = URL.createObjectURL(new Blob([app.textContent], { type: "text/javascript" }));
const packed = Uint8Array.from(atob(document.getElementById("module").textContent), (one) => one.charCodeAt(0));
const wasm = new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")), {
  headers: { "content-type": "application/wasm" },
});"#;

/// Makes the file's content from a built and packed site.
pub fn make(site: &Path) -> io::Result<String> {
    let page = fs::read_to_string(site.join("index.html"))?;
    let read = |name: &str| fs::read_to_string(site.join(name));

    let (glue_name, module_name) = (attribute(&page, "data-js")?, attribute(&page, "data-wasm")?);
    let script = script(&read(glue_name)?, &read("boot.js")?, &read("worker.js")?)?;
    let module = STANDARD.encode(fs::read(site.join(format!("{module_name}.gz")))?);
    let mut style = String::new();
    for name in stylesheets(&page) {
        style.push_str(&read(name)?);
    }
    for text in [&script, &style] {
        if text.to_ascii_lowercase().contains("</s") {
            return Err(unexpected("a script or style sheet holds what would end it inside a page"));
        }
    }

    let head = format!(
        "  <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n  <style>{style}</style>\n  \
         <script type=\"application/octet-stream\" id=\"module\">{module}</script>\n  \
         <script type=\"module\" data-js=\"inside\">{script}</script>\n",
        policy(&script, &style)
    );
    let kept: String =
        page.lines().filter(|line| !is_replaced(line)).map(|line| format!("{line}\n")).collect();
    // What Trunk puts right before the end of the head stands on its line.
    let (before, after) =
        kept.split_once("</head>").ok_or_else(|| unexpected("the page has no end of its head"))?;
    let before = before.rsplit_once('\n').map_or(before, |(before, _)| before);
    Ok(format!("{before}\n{head}</head>{after}"))
}

/// The site's scripts as one: in a page it starts the page, elsewhere it is the worker. A page on a disk
/// may start no worker that is a module, so it is one of neither kind.
fn script(glue: &str, boot: &str, worker: &str) -> io::Result<String> {
    let glue = format!("\n{}", replaced(glue, EXPORT, "")?).replace("\nexport ", "\n");
    let glue = replaced(&glue, "import.meta.url", "location.href")?;
    let boot = replaced(&replaced(boot, ADDRESSES, UNPACK)?, IMPORT, INIT)?;
    let worker = replaced(worker, IMPORT, INIT)?;
    Ok(format!(
        "{glue}\nif (globalThis.document === undefined) {{\n{worker}}} else {{ (async () => {{\n{boot}}})(); }}\n"
    ))
}

/// Nothing but what is in the file.
fn policy(script: &str, style: &str) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{}' 'wasm-unsafe-eval'; style-src 'sha256-{}'; worker-src blob:; \
         form-action 'none'; base-uri 'none'",
        hash(script),
        hash(style)
    )
}

/// Whether a line of the page names a neighbour, or states the policy of the site.
fn is_replaced(line: &str) -> bool {
    let line = line.trim_start();
    [
        "<link rel=\"stylesheet\"",
        "<link rel=\"icon\"",
        "<link rel=\"manifest\"",
        "<script ",
        "<meta http-equiv=\"Content-Security-Policy\"",
    ]
    .iter()
    .any(|start| line.starts_with(start))
}

fn stylesheets(page: &str) -> impl Iterator<Item = &str> {
    let links = page.lines().filter(|line| line.trim_start().starts_with("<link rel=\"stylesheet\""));
    links.filter_map(|line| line.split_once("href=\"./")?.1.split('"').next())
}

/// A file's name in an attribute of the page.
fn attribute<'a>(page: &'a str, name: &str) -> io::Result<&'a str> {
    let value = page.split_once(&format!("{name}=\"./")).and_then(|(_, rest)| rest.split('"').next());
    value.ok_or_else(|| unexpected(&format!("the page has no `{name}`")))
}

fn replaced(text: &str, from: &str, to: &str) -> io::Result<String> {
    match text.matches(from).count() {
        1 => Ok(text.replace(from, to)),
        count => Err(unexpected(&format!("`{from}` stands {count} times in a script"))),
    }
}

fn unexpected(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the single file cannot be made: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html>\n<html>\n<head>\n  \
        <meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'self'\">\n  <title>T</title>\n  \
        <link rel=\"icon\" href=\"./i.svg\"/>\n  <link rel=\"stylesheet\" href=\"./a.css\" integrity=\"x\"/>\n  \
        <link rel=\"stylesheet\" href=\"./b.css\"/>\n  \
        <script type=\"module\" src=\"./boot.js\" data-js=\"./g.js\" data-wasm=\"./m.wasm\"></script>\n\
        <link rel=\"modulepreload\" href=\"./g.js\"></head>\n<body>\n  <p>B</p>\n</body>\n</html>\n";

    const GLUE: &str = "export class A {}\nexport class B {}\nasync function __wbg_init(at = import.meta.url) {}\n\n\
        export { initSync, __wbg_init as default };\n";

    fn site(boot: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let worker = include_str!("../../../public/worker.js");
        let files =
            [("index.html", PAGE), ("a.css", "a{}"), ("b.css", "b{}"), ("g.js", GLUE), ("m.wasm.gz", "M")];
        for (name, content) in files.into_iter().chain([("boot.js", boot), ("worker.js", worker)]) {
            fs::write(folder.path().join(name), content).unwrap();
        }
        folder
    }

    #[test]
    fn the_file_holds_everything_and_names_no_neighbour() {
        let file = make(site(include_str!("../../../public/boot.js")).path()).unwrap();
        for part in ["<title>T</title>", "<style>a{}b{}</style>", ">TQ==</script>", "<p>B</p>", "connect-src"]
        {
            assert_eq!(file.contains(part), part != "connect-src", "{part}");
        }
        for neighbour in ["href=", "src=", "import", "export", "'self'", "fetch("] {
            assert!(!file.contains(neighbour), "{neighbour}");
        }
        assert_eq!(file.matches("</head>").count(), 1);
    }

    #[test]
    fn scripts_that_changed_stop_the_build() {
        let error = make(site("await start();").path()).unwrap_err();
        assert!(error.to_string().contains("stands 0 times"), "{error}");
    }

    #[test]
    fn the_policy_allows_the_very_script_and_style() {
        let policy = policy("a", "b");
        assert!(
            policy.contains("script-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='"),
            "{policy}"
        );
        assert!(
            policy.contains("style-src 'sha256-PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0='"),
            "{policy}"
        );
        assert!(!policy.contains("self") && !policy.contains("connect"));
    }
}
