//! `catalogue …`: releases of the catalogue of services, from files in a folder.

use super::{Common, print, questions};
use crate::app;
use crate::config::Config;
use clap::Subcommand;
use desk::app::DeskError;
use desk::control::{CatalogueQuestion, Command, Files};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// What can be done with the catalogue.
#[derive(Subcommand)]
pub enum Catalogue {
    /// Випуски / releases
    List,
    /// Один випуск: що змінив, чого не знає / one release: what it changed, what it does not know
    Show {
        /// Номер / number
        number: u32,
    },
    /// Записати файли випуску в папку / write a release's files into a folder
    Export {
        /// Номер / number
        number: u32,
        /// Нова або порожня папка / a new or empty folder
        folder: PathBuf,
    },
    /// Перевірити файли / check files
    Check {
        /// Папка з файлами або один файл / a folder with files, or one file
        path: PathBuf,
    },
    /// Відмінності файлів від випуску або двох випусків / how files differ from a release, or two releases
    Diff {
        /// Номер випуску / number of a release
        number: u32,
        /// Папка, файл або номер іншого випуску / a folder, a file or the number of another release
        other: String,
    },
    /// Спробувати на одній валізі / try on one suitcase
    Try {
        /// Папка з файлами або один файл / a folder with files, or one file
        path: PathBuf,
        /// Номер валізи / the suitcase's number
        #[arg(long, required = true)]
        suitcase: Vec<u16>,
        /// З якого дня, 2027-01-01 / from which day
        #[arg(long)]
        from: String,
    },
    /// Завершити пробу / end a trial
    EndTrial {
        /// Номер валізи / the suitcase's number
        #[arg(long)]
        suitcase: u16,
        /// Чому / why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Опублікувати для всіх / publish for everybody
    Publish {
        /// Папка з файлами або один файл / a folder with files, or one file
        path: PathBuf,
        /// З якого дня, 2027-01-01 / from which day
        #[arg(long)]
        from: String,
        /// З найновішим випуском якого номера файли порівняно / number of the newest release that the files were compared with
        #[arg(long)]
        base: Option<u32>,
        /// Чому; потрібно, якщо день уже минув або найновіший випуск ще не діє / why; needed if the day is over or the
        /// newest release is not in force yet
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Новий випуск зі змістом старішого / a new release with the contents of an older one
    RollBack {
        /// Номер старішого / number of the older one
        number: u32,
        /// З якого дня, 2027-01-01 / from which day
        #[arg(long)]
        from: String,
        /// Чому; потрібно, якщо день уже минув або найновіший випуск ще не діє / why; needed if the day is over or the
        /// newest release is not in force yet
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Які валізи що мають / which suitcases have what
    Who,
}

/// Asks the desk and prints what it says.
pub fn catalogue(config: &Config, common: &Common, what: Catalogue) -> Result<(), DeskError> {
    let folder = match &what {
        Catalogue::Export { folder, .. } => Some(folder.clone()),
        _ => None,
    };
    let told = questions::answer(config, common, Command::Catalogue { question: question(what)? })?;
    if let Some(folder) = folder {
        write(&folder, &told["files"])?;
        let done = json!({ "number": told["number"], "folder": folder.display().to_string() });
        print::line(&if common.json { format!("{done:#}") } else { folder.display().to_string() });
        return Ok(());
    }
    if common.json {
        print::line(&format!("{told:#}"));
    } else {
        said(&told);
    }
    match told["faults"].as_array().map_or(0, Vec::len) {
        0 => Ok(()),
        count => Err(DeskError::refused(
            format!("у файлах помилок: {count}; виправте їх за переліком вище"),
            format!("the files have faults: {count}; correct them by the list above"),
        )),
    }
}

fn question(what: Catalogue) -> Result<CatalogueQuestion, DeskError> {
    Ok(match what {
        Catalogue::List => CatalogueQuestion::List {},
        Catalogue::Show { number } => CatalogueQuestion::Show { number },
        Catalogue::Export { number, .. } => CatalogueQuestion::Files { number },
        Catalogue::Check { path } => CatalogueQuestion::Check { files: read(&path)?, base: None },
        Catalogue::Diff { number, other } => match other.parse() {
            Ok(to) => CatalogueQuestion::Difference { from: number, to },
            Err(_) => CatalogueQuestion::Check { files: read(Path::new(&other))?, base: Some(number) },
        },
        Catalogue::Try { path, suitcase, from } => CatalogueQuestion::Publish {
            files: read(&path)?,
            from,
            suitcases: suitcase,
            base: None,
            reason: String::new(),
        },
        Catalogue::EndTrial { suitcase, reason } => CatalogueQuestion::EndTrial { suitcase, reason },
        Catalogue::Publish { path, from, base, reason } => {
            CatalogueQuestion::Publish { files: read(&path)?, from, suitcases: Vec::new(), base, reason }
        }
        Catalogue::RollBack { number, from, reason } => CatalogueQuestion::RollBack { number, from, reason },
        Catalogue::Who => CatalogueQuestion::Who {},
    })
}

/// The files of a folder and of `services` in it; or one file.
fn read(path: &Path) -> Result<Files, DeskError> {
    let mut files = Files::new();
    if path.is_file() {
        files.insert(name_of(path), text(path)?);
        return Ok(files);
    }
    for (folder, before) in [(path.to_owned(), ""), (path.join("services"), "services/")] {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let file = entry?.path();
            let wanted = file.extension().is_some_and(|ext| ext == "json" || ext == "txt");
            if wanted && file.is_file() {
                files.insert(format!("{before}{}", name_of(&file)), text(&file)?);
            }
        }
    }
    if files.is_empty() {
        return Err(DeskError::refused(
            format!("у {} немає файлів каталогу (.json, .txt)", path.display()),
            format!("there are no files of a catalogue in {} (.json, .txt)", path.display()),
        ));
    }
    Ok(files)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// More is no file of a catalogue.
const MOST: u64 = 4 * 1024 * 1024;

fn text(path: &Path) -> Result<String, DeskError> {
    let wrong = |uk: &str, en: &str| {
        DeskError::refused(format!("{}: {uk}", path.display()), format!("{}: {en}", path.display()))
    };
    if fs::metadata(path)?.len() > MOST {
        return Err(wrong("файл більший за 4 МіБ", "the file is over 4 MiB"));
    }
    String::from_utf8(fs::read(path)?)
        .map_err(|_| wrong("не UTF-8: збережіть файл у цьому кодуванні", "not UTF-8: save the file as UTF-8"))
}

fn write(folder: &Path, files: &Value) -> Result<(), DeskError> {
    // All or nothing.
    for name in files.as_object().into_iter().flat_map(|files| files.keys()) {
        app::must_be_free(&folder.join(name))?;
    }
    fs::create_dir_all(folder.join("services"))?;
    for (name, text) in files.as_object().into_iter().flatten() {
        fs::write(folder.join(name), text.as_str().unwrap_or_default())?;
    }
    Ok(())
}

/// As lines for people: lists as tables, one release with what it changed, faults, cautions.
fn said(told: &Value) {
    let mut rest = told.clone();
    let mut lines = |key: &str, line: &dyn Fn(&Value) -> String| {
        let rows = rest.as_object_mut().and_then(|fields| fields.remove(key)).unwrap_or_default();
        rows.as_array().into_iter().flatten().map(line).collect::<Vec<_>>()
    };
    let word = |value: &Value, key: &str| value[key].as_str().unwrap_or("—").to_owned();
    let both = |value: &Value| format!("{} / {}", word(value, "uk"), word(value, "en"));
    let faults = lines("faults", &|row| format!("{}: {}", word(row, "place"), both(row)));
    let changes = lines("changes", &|row| format!("• {}", word(row, "uk")));
    let cautions = lines("cautions", &|row| format!("! {}", both(row)));
    print::answer(&rest);
    faults.iter().chain(&changes).chain(&cautions).for_each(|text| print::line(text));
    if told.get("changes").is_some() && told.get("releases").is_none() && faults.is_empty() && changes.is_empty() {
        print::line("Відмінностей немає / no differences");
    }
}
