//! The memory of a running process, as a debugger takes it.

use std::path::Path;
use std::process::{Command, Stdio};

/// The whole memory of a process. It goes on running.
pub fn dump(pid: u32, folder: &Path) -> Vec<u8> {
    let prefix = folder.join("core");
    let said = Command::new("gcore")
        .arg("-a")
        .arg("-o")
        .arg(&prefix)
        .arg(pid.to_string())
        .stdin(Stdio::null())
        .output()
        .expect("gcore is missing: `cargo xtask test` installs it (Debian: gdb)");
    let path = folder.join(format!("core.{pid}"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("no memory was taken ({error}): {said:?}"));
    std::fs::remove_file(&path).expect("the dump goes");
    assert!(bytes.len() > 100_000, "{} bytes are no program's memory", bytes.len());
    bytes
}

/// The child of a process whose command line holds a word.
pub fn child(parent: u32, word: &str) -> u32 {
    let of = |name: &str| std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/{name}"));
    let threads = std::fs::read_dir(format!("/proc/{parent}/task")).expect("it runs").flatten();
    let mut children: Vec<u32> = of("children").unwrap_or_default().split_whitespace().flat_map(str::parse).collect();
    for thread in threads {
        let text = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        children.extend(text.split_whitespace().flat_map(str::parse::<u32>));
    }
    let line = |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    children.into_iter().find(|pid| line(pid).split('\0').any(|part| part == word)).expect("such a child")
}

/// A secret that this process holds must be found in its own memory: else finding nothing elsewhere proves nothing.
#[test]
fn a_dump_holds_what_the_process_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut holder = Command::new("sh")
        .args(["-c", "word=$(printf 'Підсніж%s' никова); echo ready; read line"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut ready = [0; 6];
    std::io::Read::read_exact(holder.stdout.as_mut().expect("piped"), &mut ready).expect("it is ready");
    let memory = dump(holder.id(), folder.path());
    let search = crate::search::Search::new(&["Підсніжникова".to_owned()]);
    let found = search.bytes(&memory);
    drop(holder.stdin.take());
    holder.wait().expect("it ends");
    assert!(!found.hits.is_empty());
}
