// Starts the app. Where that fails, or the app breaks later, the page says so instead of going silent.
const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const crash = document.getElementById("crash");

// Where no header forbids frames, a page around this one could lay its own over it and have a person's clicks
// mean something else. Nothing starts in a frame.
if (window.top !== window) {
  document.getElementById("shell").hidden = true;
  document.getElementById("framed").hidden = false;
  await new Promise(() => {});
}

// Before the app is there, so that a chosen theme does not flash in.
try {
  document.documentElement.dataset.theme = localStorage.getItem("falco-report/theme") ?? "system";
} catch {
  // Storage is off: the system's theme it is.
}

addEventListener("error", ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) crash.hidden = false;
});

try {
  const { default: init } = await import(js);
  await init({ module_or_path: wasm });
} catch (error) {
  crash.hidden = false;
  throw error;
}

// Kept for the next visit without a network. A page that came from the kept files learns of newer ones here.
const { offline } = document.querySelector("script[data-js]").dataset;
if (offline !== undefined && "serviceWorker" in navigator) {
  const update = document.getElementById("update");
  update.querySelector("button").addEventListener("click", () => { update.hidden = true; });
  const tell = (worker) => worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller !== null) update.hidden = false;
  });
  try {
    const kept = await navigator.serviceWorker.register(offline, { updateViaCache: "none" });
    update.hidden = kept.waiting === null;
    tell(kept.installing);
    kept.addEventListener("updatefound", () => tell(kept.installing));
  } catch {
    // Storage is off, or the host does not serve it: the page works, with a network.
  }
}
