//! What the environment says, read once at the start.

use std::path::PathBuf;

/// Where things are on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The suitcase's folder, unless `--dir` names another.
    pub dir: PathBuf,
    /// This program's own file: it starts itself again as the decoder.
    pub program: PathBuf,
    /// Where marks of suitcases are kept, outside their folders; `None` if there is no such place.
    pub marks: Option<PathBuf>,
}

impl Config {
    /// `$VALIZA_DIR`; else `valiza` in the user's data folder; else in the current one.
    #[allow(clippy::disallowed_methods)] // here the environment is looked at
    pub fn from_environment() -> Self {
        let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("field-agent"));
        Self { dir: choose_dir(&variable), program, marks: choose_marks(&variable) }
    }
}

/// `valiza/marks` in the folder that the user's programs keep their state in.
fn choose_marks(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let filled = |name: &str| variable(name).filter(|path| !path.as_os_str().is_empty());
    let state = filled("XDG_STATE_HOME")
        .or_else(|| filled("LOCALAPPDATA"))
        .or_else(|| filled("HOME").map(|home| home.join(".local").join("state")));
    Some(state?.join("valiza").join("marks"))
}

fn choose_dir(variable: &dyn Fn(&str) -> Option<PathBuf>) -> PathBuf {
    let filled = |name: &str| variable(name).filter(|path| !path.as_os_str().is_empty());
    if let Some(dir) = filled("VALIZA_DIR") {
        return dir;
    }
    let data = filled("XDG_DATA_HOME")
        .or_else(|| filled("LOCALAPPDATA"))
        .or_else(|| filled("HOME").map(|home| home.join(".local").join("share")));
    data.unwrap_or_default().join("valiza")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_setting_wins() {
        let with = |set: &'static [(&'static str, &'static str)]| {
            choose_dir(&move |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| PathBuf::from(value)))
        };
        assert_eq!(with(&[("VALIZA_DIR", "/v"), ("HOME", "/h")]), PathBuf::from("/v"));
        assert_eq!(with(&[("VALIZA_DIR", ""), ("HOME", "/h")]), PathBuf::from("/h/.local/share/valiza"));
        assert_eq!(with(&[("XDG_DATA_HOME", "/x"), ("HOME", "/h")]), PathBuf::from("/x/valiza"));
        assert_eq!(with(&[]), PathBuf::from("valiza"));
        let marks = |set: &'static [(&'static str, &'static str)]| {
            choose_marks(&move |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| PathBuf::from(value)))
        };
        assert_eq!(marks(&[("HOME", "/h")]), Some(PathBuf::from("/h/.local/state/valiza/marks")));
        assert_eq!(marks(&[("XDG_STATE_HOME", "/s"), ("HOME", "/h")]), Some(PathBuf::from("/s/valiza/marks")));
        assert_eq!(marks(&[]), None);
    }
}
