//! The decoder as a real process: what dies in it harms nobody, and the next change is judged.

use crate::classes::{Class, forge};
use crate::in_the_community::{Community, document, set_aside, texts};
use crate::scene::{AT, Scene};
use chain::ExceptionCode;
use ids::ChainId;
use peer::decoder::{ChildProcess, Decode, Job, Judgement};
use records::{Edit, Kind};
use std::io::Read;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use valiza_tests::invented::Dice;
use valiza_tests::programs::program;

/// Texts over which the fragile decoder dies, each in its own way, as automerge would over bytes that no gate stopped.
const DEADLY: [&str; 4] = ["dies-by-abort", "dies-by-signal", "dies-of-memory", "never-answers"];

/// Passes a stream on and dies as soon as one of the deadly texts has come by.
struct Fragile<R> {
    inner: R,
    seen: Vec<u8>,
}

impl<R: Read> Read for Fragile<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.seen.extend_from_slice(&buffer[..count]);
        let seen = |text: &str| self.seen.windows(text.len()).any(|window| window == text.as_bytes());
        match DEADLY.iter().position(|text| seen(text)) {
            Some(0) => std::process::abort(),
            Some(1) => {
                let command = format!("kill -KILL {}", std::process::id());
                let _ = std::process::Command::new("/bin/sh").args(["-c", &command]).status();
            }
            Some(2) => {
                // Address space is limited, so this ends soon, in an abort.
                let hoard: Vec<Vec<u8>> = (0..).map(|n: usize| vec![n as u8; 64 << 20]).take(64).collect();
                std::hint::black_box(&hoard);
            }
            Some(_) => std::thread::sleep(Duration::from_secs(120)),
            None => {}
        }
        let keep = self.seen.len().saturating_sub(64);
        self.seen.drain(..keep);
        Ok(count)
    }
}

/// Not a test: the body of the process that the tests below start. Without a pipe on descriptor 3 there is nothing to
/// do.
#[test]
#[ignore = "a process that other tests start"]
fn fragile_process() {
    let Ok(answers) = std::fs::File::options().write(true).open("/proc/self/fd/3") else { return };
    let jobs = Fragile { inner: std::io::stdin().lock(), seen: Vec::new() };
    let _ = peer::decoder::serve(jobs, answers);
}

/// This program once more, as a decoder that dies; what the test runner prints goes nowhere.
fn fragile() -> ChildProcess {
    let exe = std::env::current_exe().expect("a test knows where it is");
    let script = "exec \"$0\" --exact decoder::fragile_process --ignored --nocapture 3>&1 1>/dev/null";
    let exe = exe.to_str().expect("a path in UTF-8").to_owned();
    ChildProcess::new(PathBuf::from("/bin/sh"), vec!["-c".into(), script.into(), exe])
}

fn real() -> ChildProcess {
    ChildProcess::new(program("sync-server"), vec!["decoder".into()])
}

fn job(scene: &Scene, prior: &[Vec<u8>], change: Vec<u8>) -> Job {
    Job { record: scene.document.id(), kind: Kind::Request, prior: prior.to_vec(), actor: scene.me, change }
}

/// A record of one change by another author, its change, and the forger's view of it.
fn simple() -> (Scene, Vec<Vec<u8>>) {
    let (me, other) = (ChainId::from_random([0xaa; 16]), ChainId::from_random([0xbb; 16]));
    let record = ids::RecordId::from_random([5; 16]);
    let fields = valiza_tests::world::request_fields("7-1", "Коваль");
    let (document, birth) = records::Document::create(Kind::Request, record, other, AT, &fields).expect("a birth");
    (Scene::of(document, (me, 0), (other, 1)), vec![birth.into_bytes()])
}

fn honest(scene: &Scene, text: &str) -> Vec<u8> {
    let mut document = scene.document.clone();
    crate::scene::write(&mut document, scene.me, &[Edit::new("f.x", text)]).into_bytes()
}

#[test]
fn the_real_process_judges_every_class_and_the_honest_changes_between() {
    let (scene, prior) = simple();
    let mut decoder = real();
    let mut dice = Dice::new(2);
    for class in Class::ALL {
        if *class == Class::SeqRepeat {
            continue; // the forger has written nothing yet that could be repeated
        }
        let judged = decoder.judge(&job(&scene, &prior, forge(*class, &scene, &mut dice)));
        match class {
            Class::MissingDeps => assert_eq!(judged, Judgement::Waiting),
            _ => assert!(matches!(judged, Judgement::Refused(_)), "{class:?}: {judged:?}"),
        }
        assert_eq!(decoder.judge(&job(&scene, &prior, honest(&scene, "так"))), Judgement::Admitted, "after {class:?}");
    }
}

#[test]
fn a_decoder_that_dies_over_one_change_judges_the_next() {
    let (scene, prior) = simple();
    let mut decoder = fragile();
    assert_eq!(decoder.judge(&job(&scene, &prior, honest(&scene, "так"))), Judgement::Admitted, "it lives");
    for deadly in DEADLY {
        let begun = Instant::now();
        assert_eq!(decoder.judge(&job(&scene, &prior, honest(&scene, deadly))), Judgement::Died, "{deadly}");
        println!("{deadly}: given up after {:?}", begun.elapsed());
        assert!(begun.elapsed() < Duration::from_secs(60), "{deadly} held the desk up for {:?}", begun.elapsed());
        let next = decoder.judge(&job(&scene, &prior, honest(&scene, "так")));
        assert_eq!(next, Judgement::Admitted, "after {deadly}");
    }
}

#[test]
fn a_decoder_that_cannot_be_started_or_talks_nonsense_harms_nobody() {
    let (scene, prior) = simple();
    let ask = |mut decoder: ChildProcess| decoder.judge(&job(&scene, &prior, honest(&scene, "так")));
    let shell = |script: &str| ChildProcess::new("/bin/sh".into(), vec!["-c".into(), script.into()]);
    assert_eq!(ask(ChildProcess::new("/no/such/program".into(), vec![])), Judgement::Died);
    assert_eq!(ask(shell("exit 0")), Judgement::Died);
    assert_eq!(ask(shell("head -c 9 /dev/zero; cat >/dev/null")), Judgement::Died, "an empty frame");
    assert_eq!(ask(shell("printf '\\377\\377\\377\\377'; cat >/dev/null")), Judgement::Died, "a frame of 4 GiB");
    assert_eq!(ask(shell("printf '\\000\\000\\000\\001\\011'; cat >/dev/null")), Judgement::Died, "an unknown code");
}

#[test]
fn at_a_centre_a_dying_decoder_sets_one_change_aside_and_nothing_else() {
    let mut community = Community::new(3);
    community.world.desk.close();
    community.world.desk.open_with(Box::new(fragile()));
    let me = community.author.chain();
    let mut deadly = Vec::new();
    for (text, record) in DEADLY[..3].iter().zip(community.records.clone()) {
        let mut honest = community.author.document(record);
        community.author.edit(&mut honest, "f.before", "чесно");
        deadly.push(community.author.edit(&mut honest.clone(), "f.x", text));
        community.author.edit(&mut honest, "f.after", "чесно");
    }
    community.author.exchange(&community.world);
    community.world.centre();
    let desk = community.world.desk.peer();
    let aside = set_aside(desk, me);
    assert_eq!(aside.keys().copied().collect::<Vec<_>>(), deadly);
    for (code, sentence) in aside.values() {
        assert_eq!(*code, ExceptionCode::Gate);
        assert!(sentence.contains("не вдалося розібрати"), "{sentence}");
    }
    for record in &community.records {
        let document = document(desk, *record);
        assert_eq!((texts(&document, "f.before").len(), texts(&document, "f.after").len()), (1, 1));
        assert!(texts(&document, "f.x").is_empty());
    }
}

/// A decoder that was taken over: it lets everything through.
struct Liar;

impl Decode for Liar {
    fn judge(&mut self, _: &Job) -> Judgement {
        Judgement::Admitted
    }
}

#[test]
fn a_decoder_that_lies_costs_the_forgers_record_what_came_with_the_lie_and_nobody_else_anything() {
    for class in [Class::Garbage, Class::MissingDeps] {
        let mut community = Community::new(2);
        community.world.desk.close();
        community.world.desk.open_with(Box::new(Liar));
        let (me, victim) = (community.author.chain(), community.victim.peer().chain());
        let [hit, spared] = [community.records[0], community.records[1]];
        let scene = Scene::of(community.author.document(hit), (me, 1), (victim, 1));
        let lie = community.author.put(hit, forge(class, &scene, &mut Dice::new(5)));
        let mut honest = community.author.document(spared);
        community.author.edit(&mut honest, "f.after", "чесно");
        community.author.exchange(&community.world);
        community.world.centre();

        let desk = community.world.desk.peer();
        assert_eq!(set_aside(desk, me).into_keys().collect::<Vec<_>>(), [lie], "{class:?}");
        assert_eq!(texts(&document(desk, hit), "a.last"), ["Коваленко"], "{class:?}");
        assert_eq!(texts(&document(desk, spared), "f.after"), ["чесно"], "{class:?}");
        assert_eq!(desk.verify().expect("it can be verified").faults, Vec::<String>::new(), "{class:?}");

        let edit =
            move |act: &mut peer::Act<'_>| act.edit(hit, |_, _| Ok((vec![Edit::new("phone", "+380501112233")], ())));
        community.victim.peer().act(edit).expect("its maker works on");
        community.world.exchange(community.victim.peer()).expect("the hub answers");
        community.world.centre();
        let desk = community.world.desk.peer();
        assert_eq!(texts(&document(desk, hit), "phone"), ["+380501112233"], "{class:?}");
    }
}
