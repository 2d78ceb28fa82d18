//! The closing words of a test runner, kept so that they can be said again at the very end.
//!
//! Doc tests run after the others, and whoever reads the output of a CI looks at its last lines.

/// Collects the lines in which `cargo nextest` or `cargo test` says how it went.
#[derive(Debug, Default)]
pub struct Summary {
    nextest: Vec<String>,
    libtest: Counts,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Summary {
    /// Takes one line of output.
    pub fn read(&mut self, line: &str) {
        let words = line.trim_start();
        if words.starts_with("Summary [") {
            self.nextest = vec![line.to_owned()];
        } else if !self.nextest.is_empty() {
            // After its summary nextest repeats the tests that failed.
            self.nextest.push(line.to_owned());
        } else if let Some(result) = words.strip_prefix("test result: ") {
            self.libtest.add(result);
        }
    }

    /// The closing lines, empty if the runner never came to its end.
    pub fn lines(&self) -> Vec<String> {
        let Counts { passed, failed, ignored } = self.libtest;
        if !self.nextest.is_empty() {
            self.nextest.clone()
        } else if self.libtest != Counts::default() {
            let run = passed + failed;
            vec![format!("     Summary {run} tests run: {passed} passed, {failed} failed, {ignored} skipped")]
        } else {
            Vec::new()
        }
    }
}

impl Counts {
    /// Adds a line such as `ok. 3 passed; 0 failed; 1 ignored; …`, sentence by sentence.
    fn add(&mut self, result: &str) {
        for part in result.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let (Some(count), Some(what)) = (words.next().and_then(|word| word.parse::<u64>().ok()), words.next())
            else {
                continue;
            };
            match what {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(output: &str, expected: &[&str]) {
        let mut summary = Summary::default();
        output.lines().for_each(|line| summary.read(line));
        assert_eq!(summary.lines(), expected);
    }

    #[test]
    fn the_summary_of_nextest_is_kept_with_the_failures_after_it() {
        check(
            "   PASS [ 0.1s] a\n     Summary [   3.1s] 2 tests run: 1 passed, 1 failed, 0 skipped\n   FAIL [ 0.4s] b",
            &["     Summary [   3.1s] 2 tests run: 1 passed, 1 failed, 0 skipped", "   FAIL [ 0.4s] b"],
        );
    }

    #[test]
    fn the_results_of_cargo_test_are_added_up() {
        check(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s",
            &["     Summary 6 tests run: 4 passed, 2 failed, 1 skipped"],
        );
    }

    #[test]
    fn a_runner_that_did_not_come_to_its_end_has_no_summary() {
        check("error: could not compile `chain`", &[]);
    }
}
