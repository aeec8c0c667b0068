//! The text of a knowledge base's files, by their path below its folder.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Files by path, with `/`. Only those that end in `.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(pub BTreeMap<String, String>);

impl Files {
    /// From a folder and the folders in it.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut files = Self::default();
        files.add(folder, "")?;
        Ok(files)
    }

    fn add(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for item in std::fs::read_dir(folder)? {
            let item = item?;
            let name = format!("{prefix}{}", item.file_name().to_string_lossy());
            if item.file_type()?.is_dir() {
                self.add(&item.path(), &format!("{name}/"))?;
            } else if Path::new(&name).extension().is_some_and(|extension| extension == "toml") {
                self.0.insert(name, std::fs::read_to_string(item.path())?);
            }
        }
        Ok(())
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Files {
    fn from(files: [(&str, &str); N]) -> Self {
        Self(files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect())
    }
}
