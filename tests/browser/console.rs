//! A suitcase whose pages are open.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use valiza_tests::programs::Suitcase;

/// What an officer types of a resident with an old passport, by the name of the input.
pub const RESIDENT: [(&str, &str); 11] = [
    ("a.last", "Коваленко"),
    ("a.first", "Ганна"),
    ("a.patr", "Петрівна"),
    ("a.dob~date", "22.07.1938"),
    ("a.rnokpp~digits", "1408212320"),
    ("a.ser", "СН"),
    ("a.num", "123456"),
    ("a.issued~date", "14.05.1998"),
    ("a.org", "Глобинський РВ УМВС"),
    ("pr.house", "4"),
    ("phone~phone", "050 111 22 33"),
];

/// A running `field-agent run`.
pub struct Console {
    /// Where its pages are, without the launch token: `http://127.0.0.1:PORT`.
    pub base: String,
    /// The address that works once.
    pub launch: String,
    child: Child,
}

impl Console {
    /// Starts it on a free port.
    pub fn start(suitcase: &Suitcase) -> Self {
        let mut command = suitcase.command();
        command.args(["run", "--json", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("field-agent starts");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let mut lines = output.lines().map(|line| line.expect("a line"));
        let launch = lines
            .find_map(|line| line.split('"').find(|part| part.starts_with("http")).map(str::to_owned))
            .expect("the address of the pages");
        let base = launch.split("/launch/").next().expect("a base").to_owned();
        Self { base, launch, child }
    }

    /// Ends it as the power does.
    pub fn cut(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.cut();
    }
}
