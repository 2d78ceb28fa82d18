//! What a file proves, check by check.

use crate::file::Evidence;
use chain::{Anchor, Body, Kind, Register, Segment, Standing, Verified};
use ids::ChainId;
use records::body::Body as ChangeBody;
use records::{Gate, Value, schema};
use sealing::{BodyContext, open_body};
use signing::Hash;
use std::collections::{BTreeMap, BTreeSet};

/// Ukrainian and English.
pub type Said = (String, String);

fn said(uk: impl Into<String>, en: impl Into<String>) -> Said {
    (uk.into(), en.into())
}

/// What puts an entry behind the one that is told before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// It is the first.
    First,
    /// They stand in one chain.
    Chain,
    /// One existed before the other was begun, by the hub's anchors.
    Bounds,
    /// Only what the devices' clocks say.
    Stated,
}

/// One entry about the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Whose chain.
    pub chain: ChainId,
    /// Number of the suitcase; `None` for the centre.
    pub suitcase: Option<u16>,
    /// Its number in the chain.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
    /// Login of who recorded it; `None` for an entry that is no change.
    pub officer: Option<String>,
    /// Device time, ms since 1970: what the writer says.
    pub at: i64,
    /// Not before, ms since 1970, by an anchor that the chain names.
    pub not_before: Option<i64>,
    /// Not after, ms since 1970, by an anchor that covers it.
    pub not_after: Option<i64>,
    /// What became of it, by the maker's word; `None` for no change.
    pub word: Option<u8>,
    /// Its author was revoked from this time on, ms since 1970.
    pub revoked: Option<i64>,
    /// What puts it behind the one before it in the list.
    pub order: Order,
    /// Labels in Ukrainian and values, as written.
    pub values: Vec<(String, String)>,
}

/// What came of checking.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The receipt number.
    pub number: String,
    /// Who made the file: number of a suitcase, `None` for the centre.
    pub maker: Option<u16>,
    /// By the maker's clock, ms since 1970.
    pub made: i64,
    /// What was checked and holds.
    pub holds: Vec<Said>,
    /// What does not.
    pub faults: Vec<Said>,
    /// Entries about the record, in order.
    pub entries: Vec<Shown>,
}

impl Report {
    /// Everything holds.
    pub fn is_proved(&self) -> bool {
        self.faults.is_empty() && !self.entries.is_empty()
    }

    fn note(&mut self, faults: Vec<Said>, holds: Said) {
        if faults.is_empty() {
            self.holds.push(holds);
        } else {
            self.faults.extend(faults);
        }
    }
}

/// A run of entries without a hole.
struct Run {
    chain: ChainId,
    entries: Vec<Verified>,
}

/// Checks a file against the fingerprint of the root that is believed. No input makes it panic.
pub fn check(bytes: &[u8], root: &[u8; 32]) -> Report {
    let mut report = Report::default();
    let evidence = match Evidence::decode(bytes) {
        Ok((evidence, _)) => evidence,
        Err(error) => {
            let text = error.to_string();
            let (uk, en) = text.split_once(" / ").unwrap_or((&text, &text));
            report.faults.push(said(uk, en));
            return report;
        }
    };
    report.number.clone_from(&evidence.number);
    report.made = evidence.made;
    let is_ours = evidence.root.fingerprint().0.0 == *root;
    let other =
        said("корінь у файлі не той, якому ви довіряєте", "the root in the file is not the one that you believe");
    report.note(
        if is_ours { Vec::new() } else { vec![other] },
        said("корінь громади той, якому ви довіряєте", "the community's root is the one that you believe"),
    );
    let register = match followed(&evidence) {
        Ok(register) => register,
        Err(fault) => {
            report.faults.push(fault);
            return report;
        }
    };
    report.holds.push(said(
        "сертифікати й відкликання підписав центр, а центр посвідчив корінь",
        "certificates and revocations are signed by the centre, and the centre is certified by the root",
    ));
    report.maker = register.suitcase(evidence.maker).map(|certificate| certificate.number);
    let author = register.author(evidence.maker);
    let is_signed = author.is_some_and(|author| Evidence::is_signed(bytes, &author));
    let forged = said("файл змінено, або його склав хтось інший", "the file was changed, or somebody else made it");
    report.note(
        if is_signed { Vec::new() } else { vec![forged] },
        said(
            "файл підписав його укладач, і відтоді він не змінився",
            "the maker signed the file, and it is unchanged since",
        ),
    );
    let (runs, faults) = joined(&evidence, &register);
    report.note(
        faults,
        said(
            "кожен запис стоїть на своєму місці в ланцюзі та підписаний його автором",
            "every entry stands at its place in its chain and is signed by its author",
        ),
    );
    let mut bounds = Bounds::new(&evidence, &register);
    let mut shown = Vec::new();
    let mut content = Contents::default();
    for run in &runs {
        bounds.of_run(run);
        for (index, entry) in run.entries.iter().enumerate() {
            if entry.entry.header.record == Some(evidence.record) {
                shown.push(content.show(&evidence, &register, entry, bounds.at(index)));
            }
        }
    }
    report.note(
        std::mem::take(&mut bounds.faults),
        said(
            "межі часу підписав вузол обміну, посвідчений центром",
            "the bounds in time are signed by the hub that the centre certified",
        ),
    );
    content.number(&evidence, &mut shown);
    report.note(
        content.faults,
        said(
            "зміст відкрито ключем справи: це те, що було запечатано",
            "the contents open with the record's key: they are what was sealed",
        ),
    );
    report.note(
        words(&evidence, &shown),
        said(
            "про кожну зміну сказано, що з нею стало в центрі",
            "of every change it is said what became of it at the centre",
        ),
    );
    if shown.is_empty() {
        report
            .faults
            .push(said("у файлі немає жодного запису про справу", "there is no entry about the record in the file"));
    }
    report.entries = in_order(shown);
    report
}

/// The register, as far as the file has it.
fn followed(evidence: &Evidence) -> Result<Register, Said> {
    let mut register = Register::excerpt(evidence.tenant, evidence.root);
    for segment in &evidence.register {
        register.take(segment.clone()).map_err(|error| {
            let text = error.to_string();
            let (uk, en) = text.split_once(" / ").unwrap_or((&text, &text));
            said(format!("журнал центру: {uk}"), format!("the centre's register: {en}"))
        })?;
    }
    Ok(register)
}

/// Segments put together to runs, each verified by its author's key.
fn joined(evidence: &Evidence, register: &Register) -> (Vec<Run>, Vec<Said>) {
    let (mut runs, mut faults): (Vec<Run>, Vec<Said>) = (Vec::new(), Vec::new());
    for segment in &evidence.runs {
        let (chain, from, prev) = (segment.chain, segment.from, segment.prev);
        match verified(evidence, register, segment) {
            Ok(entries) => {
                let goes_on = runs.last().is_some_and(|run| {
                    let end = run.entries.last();
                    run.chain == chain && end.is_some_and(|end| end.place.seq + 1 == from && end.hash == prev)
                });
                match runs.last_mut().filter(|_| goes_on) {
                    Some(run) => run.entries.extend(entries),
                    None => runs.push(Run { chain, entries }),
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    let mut seen = BTreeSet::new();
    for entry in runs.iter().flat_map(|run| &run.entries) {
        if !seen.insert((entry.place.chain, entry.place.seq)) {
            faults.push(said(
                format!("запис № {} того самого ланцюга стоїть двічі", entry.place.seq),
                format!("entry {} of one chain is there twice", entry.place.seq),
            ));
        }
    }
    (runs, faults)
}

fn verified(evidence: &Evidence, register: &Register, segment: &Segment) -> Result<Vec<Verified>, Said> {
    let unknown = || {
        said(
            "автора одного з ланцюгів центр не посвідчував",
            "the author of one of the chains is not certified by the centre",
        )
    };
    let author = register.author(segment.chain).ok_or_else(unknown)?;
    let broken = |seq: u64| {
        said(
            format!("запис № {seq} змінено, або його підписав не автор ланцюга"),
            format!("entry {seq} was changed, or is not signed by the chain's author"),
        )
    };
    // The last signature vouches for the hashes of all before it.
    let entries = segment.clone().authentic(evidence.tenant, &author).map_err(|_| broken(segment.last()))?;
    for entry in entries.iter().filter(|entry| entry.entry.header.record == Some(evidence.record)) {
        if !entry.entry.is_valid(&entry.place, &author) {
            return Err(broken(entry.place.seq));
        }
    }
    Ok(entries)
}

/// Anchors, and what they bound in the run that is looked at.
struct Bounds<'a> {
    by_hash: BTreeMap<Hash, &'a Anchor>,
    by_end: BTreeMap<(ChainId, u64), Vec<&'a Anchor>>,
    /// For each entry of the run.
    now: Vec<(Option<i64>, Option<i64>)>,
    faults: Vec<Said>,
}

impl<'a> Bounds<'a> {
    fn new(evidence: &'a Evidence, register: &Register) -> Self {
        let mut bounds =
            Self { by_hash: BTreeMap::new(), by_end: BTreeMap::new(), now: Vec::new(), faults: Vec::new() };
        for anchor in &evidence.anchors {
            // Made before the end was known here, the file is no worse for it: such an anchor bounds nothing.
            if register.hub_ended(anchor.answerer).is_some_and(|from| anchor.time >= from) {
                continue;
            }
            if !register.is_our_anchor(anchor) {
                bounds.faults.push(said(
                    "одну з квитанцій підписав не вузол обміну цієї громади",
                    "one of the anchors is not signed by this community's hub",
                ));
                continue;
            }
            bounds.by_hash.insert(anchor.hash(), anchor);
            bounds.by_end.entry((anchor.chain, anchor.end.seq)).or_default().push(anchor);
        }
        bounds
    }

    fn of_run(&mut self, run: &Run) {
        let mut not_before = None;
        self.now.clear();
        for entry in &run.entries {
            let named = entry.entry.header.after.and_then(|after| self.by_hash.get(&after));
            if let Some(anchor) = named.filter(|anchor| anchor.chain == run.chain && anchor.end.seq < entry.place.seq) {
                not_before = not_before.max(Some(anchor.time));
            }
            self.now.push((not_before, None));
        }
        let mut not_after: Option<i64> = None;
        for (entry, bound) in run.entries.iter().zip(&mut self.now).rev() {
            for anchor in self.by_end.get(&(run.chain, entry.place.seq)).into_iter().flatten() {
                if anchor.end.hash == entry.hash {
                    not_after = Some(not_after.map_or(anchor.time, |time| time.min(anchor.time)));
                } else {
                    self.faults.push(said(
                        format!("квитанція вузла засвідчує інший запис № {}", entry.place.seq),
                        format!("an anchor of the hub is of another entry {}", entry.place.seq),
                    ));
                }
            }
            bound.1 = not_after;
            if let (Some(before), Some(after)) = *bound
                && before > after
            {
                self.faults.push(said(
                    format!("межі часу запису № {} суперечать одна одній", entry.place.seq),
                    format!("the bounds in time of entry {} contradict each other", entry.place.seq),
                ));
            }
        }
    }

    fn at(&self, index: usize) -> (Option<i64>, Option<i64>) {
        self.now.get(index).copied().unwrap_or_default()
    }
}

/// What was opened.
#[derive(Default)]
struct Contents {
    faults: Vec<Said>,
    numbers: BTreeSet<String>,
}

impl Contents {
    fn show(
        &mut self,
        evidence: &Evidence,
        register: &Register,
        entry: &Verified,
        (not_before, not_after): (Option<i64>, Option<i64>),
    ) -> Shown {
        let place = &entry.place;
        let word = evidence.words.iter().find(|word| word.chain == place.chain && word.seq == place.seq);
        let mut shown = Shown {
            chain: place.chain,
            suitcase: register.suitcase(place.chain).map(|certificate| certificate.number),
            seq: place.seq,
            hash: entry.hash,
            officer: None,
            at: not_before.or(not_after).unwrap_or_default(),
            not_before,
            not_after,
            word: word.map(|word| word.word),
            revoked: match register.standing(place.chain, evidence.made) {
                Standing::Revoked { from } => Some(from),
                _ => None,
            },
            order: Order::First,
            values: Vec::new(),
        };
        if entry.entry.header.kind == Kind::CHANGE {
            match opened(evidence, entry) {
                Ok((body, values)) => {
                    let texts = values.iter().filter(|(key, _)| key == "number");
                    self.numbers.extend(texts.filter_map(|(_, value)| value.as_text().map(str::to_owned)));
                    shown.values = values.iter().map(|(key, value)| (labelled(&body, key), text(value))).collect();
                    (shown.officer, shown.at) = (Some(body.officer), body.at);
                }
                // What the centre set aside need not open.
                Err(fault) if !matches!(shown.word, Some(1..=8)) => self.faults.push(fault),
                Err(_) => shown.officer = Some(String::new()),
            }
        }
        shown
    }

    fn number(&mut self, evidence: &Evidence, shown: &mut [Shown]) {
        if !evidence.number.is_empty() && !shown.is_empty() && !self.numbers.contains(&evidence.number) {
            self.faults
                .push(said("номер файла не той, що в записах", "the file's number is not the one in the entries"));
        }
    }
}

type Opened = (ChangeBody, Vec<(String, Value)>);

fn opened(evidence: &Evidence, entry: &Verified) -> Result<Opened, Said> {
    let seq = entry.place.seq;
    let fault = || {
        said(
            format!("зміст запису № {seq} не відкривається ключем справи"),
            format!("the contents of entry {seq} do not open with the record's key"),
        )
    };
    let Body::Present(sealed) = &entry.entry.body else {
        return Err(said(
            format!("зміст запису № {seq} вилучено"),
            format!("the contents of entry {seq} are left out"),
        ));
    };
    let place = &entry.place;
    let context = BodyContext {
        tenant: place.tenant,
        chain: place.chain,
        seq,
        kind: Kind::CHANGE.code(),
        record: Some(evidence.record),
    };
    // A record that was made twice has two keys of one generation; what opens with one was sealed with it.
    let mut opened = evidence.keys.iter().filter_map(|(of, key)| {
        open_body(|generation| (generation == *of).then(|| key.duplicate()), &context, sealed).ok()
    });
    let plain = opened.next().ok_or_else(fault)?;
    let body = ChangeBody::decode(&plain).map_err(|_| fault())?;
    let edits = Gate::peek(&body.change).map_err(|_| fault())?;
    let values = edits.into_iter().map(|edit| (edit.key.to_string(), edit.value)).collect();
    Ok((body, values))
}

fn labelled(body: &ChangeBody, key: &str) -> String {
    schema::field(body.kind, key).map_or_else(|| key.to_owned(), |field| format!("{} [{key}]", field.uk))
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Bool(yes) => if *yes { "так / yes" } else { "ні / no" }.to_owned(),
    }
}

/// Every change has one word, and no word is about anything else.
fn words(evidence: &Evidence, shown: &[Shown]) -> Vec<Said> {
    let mut faults = Vec::new();
    for entry in shown.iter().filter(|entry| entry.officer.is_some() && entry.word.is_none()) {
        faults.push(said(
            format!("не сказано, що стало із записом № {}", entry.seq),
            format!("it is not said what became of entry {}", entry.seq),
        ));
    }
    let mut told = BTreeSet::new();
    for word in &evidence.words {
        let known = shown.iter().any(|entry| (entry.chain, entry.seq) == (word.chain, word.seq));
        if !known || !told.insert((word.chain, word.seq)) {
            faults.push(said(
                format!("слово про запис № {}, якого у файлі немає", word.seq),
                format!("a word about entry {}, which is not in the file", word.seq),
            ));
        }
    }
    faults
}

/// Within a chain by number; between chains by what the devices say, with what proves it beside.
fn in_order(shown: Vec<Shown>) -> Vec<Shown> {
    let mut chains: BTreeMap<ChainId, Vec<Shown>> = BTreeMap::new();
    for entry in shown {
        chains.entry(entry.chain).or_default().push(entry);
    }
    for entries in chains.values_mut() {
        // Taken from the end.
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.seq));
        // A grant says no time: it was written for the change that follows it.
        let mut following = None;
        for entry in entries.iter_mut() {
            match entry.officer {
                None => entry.at = following.unwrap_or(entry.at),
                Some(_) => following = Some(entry.at),
            }
        }
    }
    let mut ordered: Vec<Shown> = Vec::new();
    while let Some(next) = chains.values_mut().filter(|c| !c.is_empty()).min_by_key(|c| c.last().map(|entry| entry.at))
    {
        let Some(mut entry) = next.pop() else { break };
        entry.order = match ordered.last() {
            None => Order::First,
            Some(before) if before.chain == entry.chain => Order::Chain,
            Some(before) if before.not_after.zip(entry.not_before).is_some_and(|(a, b)| a <= b) => Order::Bounds,
            Some(_) => Order::Stated,
        };
        ordered.push(entry);
    }
    ordered
}
