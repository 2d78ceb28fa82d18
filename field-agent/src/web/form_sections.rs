//! The whole form of a request as sections of fields, with how far each of them is.

use super::form_fields::Fields;
use super::readable::{self, said};
use crate::app::{
    Agent, AppError, Category, Choice, ConsentAsked, Control, Fills, Form, PaperAsked, PaperTaken, Question,
    ResidentChoice, ServiceCard, ServiceChoice, document_kinds,
};
use pages::{Field, Options, SectionState, TaskList, TaskSection, Texts};

/// What `app` says about a form, gathered in one turn.
pub struct Known {
    pub card: Option<ServiceCard>,
    pub questions: Vec<Question>,
    pub consent: ConsentAsked,
    /// Known residents who may be the applicant.
    pub alike: Vec<ResidentChoice>,
    /// The name of the chosen resident.
    pub resident: String,
    /// Services that fit the words searched for.
    pub services: Vec<ServiceChoice>,
    /// Names of settlements whose codes were answered: code and name.
    pub places: Vec<(String, String)>,
    /// Settlements that a text without a code may mean: key of the field, then codes and names.
    pub meant: Vec<(String, Vec<(String, String)>)>,
    /// Why somebody may be served at home.
    pub categories: Vec<Category>,
    /// The mark of the consent's text that is shown.
    pub consent_text: String,
}

impl Known {
    /// Asks everything that the page of a form shows.
    pub fn about(agent: &Agent, form: &Form, service_words: &str) -> Result<Self, AppError> {
        let mut known = Self::by(agent, form, agent.questions(form), agent.service_card(form)?)?;
        if !service_words.trim().is_empty() {
            known.services = agent.service_choices(service_words)?;
        }
        Ok(known)
    }

    /// The same for the correction of a request, by the catalogue it was taken under.
    pub fn of_request(agent: &Agent, number: &str, form: &Form) -> Result<Self, AppError> {
        Self::by(agent, form, agent.questions_of(number, form)?, agent.card_of(number, form)?)
    }

    fn by(agent: &Agent, form: &Form, questions: Vec<Question>, card: Option<ServiceCard>) -> Result<Self, AppError> {
        let settlements = questions.iter().flat_map(|question| &question.inputs);
        let settlements: Vec<_> = settlements
            .filter(|input| input.control == Control::Settlement && !input.value.is_empty())
            .map(|input| (format!("f.{}", input.key), input.value.clone()))
            .collect();
        let mut places = Vec::new();
        let mut meant = Vec::new();
        let near = |typed: &str| -> Result<Vec<(String, String)>, AppError> {
            Ok(agent.place_choices(typed)?.into_iter().take(5).map(|place| (place.code, place.name)).collect())
        };
        for (key, value) in settlements {
            match agent.place_named(&value) {
                Some(name) => places.push((value, name)),
                None => meant.push((key, near(&value)?)),
            }
        }
        for prefix in ["pr", "pa"] {
            let (typed, key) = (form.field(&format!("{prefix}.place")), format!("{prefix}.kat"));
            if !typed.is_empty() && form.field(&key).is_empty() {
                meant.push((key, near(typed)?));
            }
        }
        let (alike, resident) = Self::residents(agent, form)?;
        Ok(Self {
            card,
            questions,
            consent: agent.consent_asked()?,
            alike,
            resident,
            services: Vec::new(),
            places,
            meant,
            categories: agent.categories()?,
            consent_text: agent.consent_text()?,
        })
    }

    fn residents(agent: &Agent, form: &Form) -> Result<(Vec<ResidentChoice>, String), AppError> {
        if !form.resident.is_empty() {
            let known = agent.form_of_resident(&form.resident).unwrap_or_default();
            let name = ["a.last", "a.first", "a.patr"].map(|key| known.field(key)).join(" ");
            return Ok((Vec::new(), name.trim().to_owned()));
        }
        let number = form.field("a.rnokpp");
        let mut alike = if number.is_empty() { Vec::new() } else { agent.resident_choices(number, 0)?.0 };
        let name = format!("{} {}", form.field("a.last"), form.field("a.first"));
        if alike.is_empty() && !form.field("a.last").is_empty() {
            alike = agent.resident_choices(name.trim(), 0)?.0;
        }
        alike.truncate(3);
        Ok((alike, String::new()))
    }
}

/// A section of the form.
pub struct Section {
    pub id: &'static str,
    pub title: String,
    pub state: SectionState,
    pub groups: Vec<Group>,
}

/// Fields that belong together.
#[derive(Default)]
pub struct Group {
    /// Its heading; empty for none.
    pub title: String,
    /// A sentence before the fields; empty for none.
    pub words: String,
    /// The fields stand beside each other.
    pub beside: bool,
    /// Folded away until somebody needs it: the heading is the handle.
    pub folded: bool,
    pub fields: Vec<Field>,
    /// A button that fills the fields: the value of `do` and its words.
    pub button: Option<(String, String)>,
}

impl Group {
    /// Where a page goes back to after the group's button was pressed; empty for groups without one.
    pub fn anchor(&self) -> String {
        let question = self.button.as_ref().and_then(|(press, _)| press.split_once(':'));
        question.map(|(_, id)| format!("question-{id}")).unwrap_or_default()
    }

    fn of(fields: Vec<Field>) -> Self {
        Self { fields, ..Self::default() }
    }

    fn beside(fields: Vec<Field>) -> Self {
        Self { fields, beside: true, ..Self::default() }
    }

    fn titled(mut self, title: String) -> Self {
        self.title = title;
        self
    }

    fn folded(mut self, folded: bool) -> Self {
        self.folded = folded;
        self
    }
}

/// What the sections of a form are about.
const SECTIONS: [(&str, &[&str]); 7] = [
    ("applicant", &["a.", "r.", "resident"]),
    ("ground", &["a.cat", "visit."]),
    ("address", &["pr.", "pa.", "phone", "email", "delivery"]),
    ("service", &["service", "fee"]),
    ("answers", &["f.", "summary"]),
    ("papers", &["d."]),
    ("consent", &["consent"]),
];

/// All sections in their order. `is_new`: service and consent can be chosen; on a correction they stand.
pub fn sections(fields: &mut Fields<'_>, known: &Known, is_new: bool) -> Vec<Section> {
    SECTIONS
        .iter()
        .filter(|(id, _)| is_new || !matches!(*id, "service" | "consent"))
        .map(|(id, keys)| {
            let groups = match *id {
                "applicant" => applicant(fields),
                "ground" => ground(fields, known, is_new),
                "address" => address(fields, known),
                "service" => service(fields, known),
                "answers" => answers(fields, known),
                "papers" => papers(fields, known),
                _ => consent(fields, known),
            };
            let state = state(fields, id, keys);
            Section { id, title: fields.t.text(&format!("section-{id}")), state, groups }
        })
        .collect()
}

/// The list of the sections with their states; the last one is the review.
pub fn tasks(t: Texts, sections: &[Section], review: Option<String>) -> TaskList {
    let of = |section: &Section| TaskSection {
        href: format!("#part-{}", section.id),
        label: section.title.clone(),
        state: section.state,
        current: false,
    };
    let mut all: Vec<TaskSection> = sections.iter().map(of).collect();
    if let Some(href) = review {
        let label = t.text("section-review");
        all.push(TaskSection { href, label, state: SectionState::NotStarted, current: false });
    }
    TaskList { t, label: t.text("sections-of-form"), sections: all }
}

fn belongs(key: &str, keys: &[&str]) -> bool {
    keys.iter().any(|prefix| key.starts_with(prefix))
}

fn state(fields: &Fields<'_>, id: &str, keys: &[&str]) -> SectionState {
    let form = fields.form;
    let own = |key: &str| belongs(key, keys) && (id == "ground" || key != "a.cat");
    let typed = form.fields.iter().any(|(key, text)| own(key) && !text.trim().is_empty())
        || match id {
            "service" => !form.service.is_empty(),
            "answers" => !form.answers.is_empty(),
            "ground" => form.visit.values().any(|text| !text.trim().is_empty()),
            "papers" => form.papers.values().any(PaperTaken::is_taken),
            "consent" => !form.consent.parts.is_empty() || !form.consent.by.is_empty(),
            _ => false,
        };
    let nothing_to_do = matches!(id, "answers" | "papers") && !form.service.is_empty();
    match (fields.stops(own), typed) {
        (true, _) if fields.shows_all() => SectionState::Wrong,
        (true, true) => SectionState::Started,
        (true, false) => SectionState::NotStarted,
        (false, true) => SectionState::Done,
        (false, false) if nothing_to_do => SectionState::Done,
        (false, false) => SectionState::NotStarted,
    }
}

fn applicant(fields: &mut Fields<'_>) -> Vec<Group> {
    let t = fields.t;
    let form = fields.form;
    let suggests = fields.suggests_known();
    let mut name: Vec<Field> = ["a.last", "a.first", "a.patr"].map(|key| fields.record(key)).into();
    // A line with suggestions is as wide as they are.
    let first = if suggests { vec![Group::of(vec![name.remove(0)])] } else { Vec::new() };
    let born = vec![fields.record("a.dob"), fields.record("a.rnokpp")];
    let sex = fields.choice("a.sex", "sex", &["f", "m"]);
    let refused = fields.record("a.norn");
    let kinds = document_kinds();
    let document = vec![fields.select("a.doc", &kinds), fields.record("a.ser"), fields.record("a.num")];
    let dates = vec![fields.record("a.issued"), fields.record("a.until"), fields.record("a.unzr")];
    let issuer = vec![fields.record("a.org"), fields.choice("a.seen", "seen", &["original", "chip", "diia", "none"])];
    let organisation = vec![fields.record("a.orgname"), fields.record("a.edrpou")];
    let mut representative: Vec<Field> =
        ["r.last", "r.first", "r.patr", "r.dob", "r.rnokpp", "r.phone", "r.power", "r.power_no", "r.power_date"]
            .map(|key| fields.record(key))
            .into();
    representative.extend([fields.select("r.doc", &kinds), fields.record("r.ser"), fields.record("r.num")]);
    representative.push(fields.choice("r.seen", "seen", &["original", "chip", "diia", "none"]));
    let empty = |prefix: &str| !form.fields.keys().any(|key| key.starts_with(prefix));
    let rest = vec![
        Group::beside(name),
        Group::beside(born),
        Group::of(vec![sex, refused]),
        Group::beside(document).titled(t.text("group-document")),
        Group::beside(dates),
        Group::of(issuer),
        Group::of(representative).titled(t.text("group-representative")).folded(empty("r.")),
        Group::of(organisation).titled(t.text("group-organisation")).folded(empty("a.orgname") && empty("a.edrpou")),
    ];
    first.into_iter().chain(rest).collect()
}

fn ground(fields: &mut Fields<'_>, known: &Known, is_new: bool) -> Vec<Group> {
    let t = fields.t;
    let chosen: Vec<&str> = fields.form.field("a.cat").split(',').map(str::trim).filter(|c| !c.is_empty()).collect();
    let mut words: Vec<(String, String)> =
        known.categories.iter().map(|one| (one.id.clone(), said(t.lang, &one.words()).to_owned())).collect();
    // A category that the list does not have any more was chosen all the same.
    let gone = chosen.iter().filter(|code| known.categories.iter().all(|one| one.id != **code));
    words.extend(gone.map(|code| ((*code).to_owned(), (*code).to_owned())));
    let field = Field::several(t, "a.cat~part", t.text("field-cat"), Options::new(words, &chosen)).optional();
    let filled = !chosen.is_empty();
    let first = Group::of(vec![fields.dressed("a.cat", field, filled)]);
    if !is_new {
        return vec![first];
    }
    // The proofs that fit come first; without a category any may be chosen.
    let fits = |one: &&Category| chosen.is_empty() || chosen.contains(&one.id.as_str());
    let mut proofs: Vec<Choice> = Vec::new();
    for proof in known.categories.iter().filter(fits).chain(&known.categories).flat_map(|one| &one.proofs) {
        if proofs.iter().all(|other| other.value != proof.id) {
            proofs.push(Choice { value: proof.id.clone(), label: proof.words() });
        }
    }
    let kind = Group::of(vec![fields.proof(&proofs)]).titled(t.text("group-proof"));
    let rest = ["proof_no", "proof_date", "proof_until"].map(|part| fields.of_visit(part)).into();
    vec![first, kind, Group::beside(rest)]
}

fn address(fields: &mut Fields<'_>, known: &Known) -> Vec<Group> {
    let t = fields.t;
    let form = fields.form;
    let mut groups = Vec::new();
    for prefix in ["pr", "pa"] {
        let key = format!("{prefix}.kat");
        let mut first = vec![fields.record(&key)];
        first.extend(perhaps(t, known, &key));
        let street: Vec<Field> = ["stype", "street", "house", "part", "flat", "index"]
            .map(|part| fields.record(&format!("{prefix}.{part}")))
            .into();
        let empty = !form.fields.keys().any(|key| key.starts_with("pa."));
        let folded = prefix == "pa" && empty;
        if folded {
            first.extend(street);
            groups.push(Group::of(first).titled(t.text("group-pa")).folded(true));
        } else {
            groups.push(Group::of(first).titled(t.text(&format!("group-{prefix}"))));
            groups.push(Group::beside(street));
        }
    }
    let phones = vec![fields.record("phone"), fields.record("phone2")];
    groups.push(Group::beside(phones).titled(t.text("group-contact")));
    let rest = vec![
        fields.record("email").optional(),
        fields.choice("delivery", "delivery", &["home", "person", "post", "phone"]),
    ];
    groups.push(Group::of(rest));
    groups
}

/// The settlements that a typed name may mean, to choose from without JavaScript.
fn perhaps(t: Texts, known: &Known, key: &str) -> Option<Field> {
    let (_, places) = known.meant.iter().find(|(of, _)| of == key)?;
    let words = places.iter().map(|(code, name)| (format!("{code} {name}"), name.clone()));
    let options = Options::new(words, &[]);
    let label = t.text("perhaps-place");
    (!options.all.is_empty()).then(|| Field::choice(t, format!("{key}~place~pick"), label, options).optional())
}

fn service(fields: &mut Fields<'_>, known: &Known) -> Vec<Group> {
    let t = fields.t;
    let search =
        Field::suggest(t, "service", t.text("field-service-words"), "/suggest/services").hint(t.text("hint-service"));
    let mut first = vec![fields.dressed("service", search, !fields.form.service.is_empty())];
    if !known.services.is_empty() {
        let line = |one: &ServiceChoice| {
            let parts = [&one.name, &one.group, &one.allowed, &one.term, &one.fee];
            parts.map(|words| said(t.lang, words)).join(" · ")
        };
        let words = known.services.iter().map(|one| (one.slug.clone(), line(one)));
        first.push(Field::choice(t, "service~pick", t.text("found-services"), Options::new(words, &[])));
    }
    let mut groups = vec![Group::of(first)];
    // What was written of a payment stays in sight, even if other answers make it free.
    let written = ["fee_receipt", "fee_date"].iter().any(|key| !fields.form.field(key).is_empty());
    if written || known.card.as_ref().is_some_and(|card| card.fee_due) {
        let paid = vec![fields.record("fee_receipt").optional(), fields.record("fee_date").optional()];
        groups.push(Group::beside(paid).titled(t.text("group-paid")));
    }
    groups
}

fn answers(fields: &mut Fields<'_>, known: &Known) -> Vec<Group> {
    let t = fields.t;
    let mut groups = Vec::new();
    for question in &known.questions {
        groups.extend(of_question(fields, known, question));
    }
    if groups.is_empty() {
        let words = if fields.form.service.is_empty() { "answers-need-service" } else { "answers-none" };
        groups.push(Group { words: t.text(words), ..Group::default() });
    }
    groups.push(Group::of(vec![fields.record("summary").optional()]));
    groups
}

/// A single input is a field; a composite one a titled group; a list a group for each row.
fn of_question(fields: &mut Fields<'_>, known: &Known, question: &Question) -> Vec<Group> {
    let t = fields.t;
    let label = said(t.lang, &question.label).to_owned();
    let hint = said(t.lang, &question.hint).to_owned();
    let single = question.inputs.len() == 1 && !question.is_list && !question.is_several;
    let mut made: Vec<(usize, Field)> = Vec::new();
    for input in &question.inputs {
        let place = known.places.iter().find(|(code, _)| *code == input.value).map(|(_, name)| name.clone());
        let mut field = fields.asked(input, place);
        // A question that is required as a whole is reported at its own key: that stands at the first input.
        let whole = format!("f.{}", question.id);
        if made.is_empty() && input.key != question.id {
            field = fields.dressed(&whole, field, false);
        }
        made.push((input.row, field));
        made.extend(perhaps(t, known, &format!("f.{}", input.key)).map(|field| (input.row, field)));
    }
    if single {
        let fields = made.into_iter().map(|(_, field)| if hint.is_empty() { field } else { field.hint(hint.as_str()) });
        return vec![Group::of(fields.collect())];
    }
    let button = question.fills.map(|fills| {
        let phrase = if fills == Fills::Home { "fill-home" } else { "fill-applicant" };
        (format!("fill:{}", question.id), t.text(phrase))
    });
    let mut first = Group { title: label, words: hint, beside: !question.is_several, button, ..Group::default() };
    if question.is_several {
        first.fields.extend(made.into_iter().map(|(_, field)| field));
        return vec![first];
    }
    let mut groups = vec![first];
    for (row, field) in made {
        let title = if row > 0 { t.count("row-n", row) } else { String::new() };
        match groups.last_mut() {
            Some(last) if row == 0 || last.title == title => last.fields.push(field),
            _ => groups.push(Group { title, beside: true, fields: vec![field], ..Group::default() }),
        }
    }
    groups
}

fn papers(fields: &mut Fields<'_>, known: &Known) -> Vec<Group> {
    let t = fields.t;
    let Some(card) = &known.card else {
        return vec![Group { words: t.text("papers-need-service"), ..Group::default() }];
    };
    let (needed, rest): (Vec<_>, Vec<_>) = card.papers.iter().partition(|paper| paper.needed);
    let mut groups = Vec::new();
    for paper in needed.into_iter().chain(rest) {
        groups.extend(of_paper(fields, paper));
    }
    if groups.is_empty() {
        groups.push(Group { words: t.text("papers-none"), ..Group::default() });
    }
    groups
}

fn of_paper(fields: &mut Fields<'_>, paper: &PaperAsked) -> [Group; 2] {
    let t = fields.t;
    let taken = fields.form.papers.get(&paper.id).cloned().unwrap_or_default();
    let name = |part: &str| format!("d.{}~{part}", paper.id);
    let words = ["original", "copy", "scan"].map(|code| (code, t.text(&format!("paper-{code}"))));
    let form = Field::choice(t, name("form"), t.text("field-paper-form"), Options::new(words, &[taken.form.as_str()]))
        .optional();
    let form = fields.dressed(&format!("d.{}", paper.id), form, taken.is_taken());
    let sheets = if taken.sheets == 0 { taken.sheets_typed.clone() } else { taken.sheets.to_string() };
    let mut about = vec![said(t.lang, &paper.form).to_owned()];
    let condition = said(t.lang, &paper.condition);
    if !condition.is_empty() {
        about.push(condition.to_owned());
    }
    if !paper.any_of.is_empty() {
        let any: Vec<&str> = paper.any_of.iter().map(|words| said(t.lang, words)).collect();
        about.push(t.with("one-is-enough", "papers", any.join("; ")));
    }
    about.push(t.text(if paper.needed { "paper-needed" } else { "paper-ask" }));
    let first = Group {
        title: said(t.lang, &paper.name).to_owned(),
        words: readable::capital(&about.join(" · ")),
        fields: vec![Field::check(t, name("seen"), t.text("field-paper-seen"), taken.seen), form],
        ..Group::default()
    };
    let (counted, described) = (!sheets.is_empty(), !taken.details.is_empty());
    let sheets = Field::digits(t, name("sheets"), t.text("field-paper-sheets")).wide(4).value(sheets).optional();
    let details =
        Field::text(t, name("details"), t.text("field-paper-details")).wide(24).value(taken.details).optional();
    let second = Group::beside(vec![
        fields.dressed(&name("sheets"), sheets, counted),
        fields.dressed(&name("details"), details, described),
        Field::check(t, name("returned"), t.text("field-paper-returned"), taken.returned),
    ]);
    [first, second]
}

fn consent(fields: &mut Fields<'_>, known: &Known) -> Vec<Group> {
    let t = fields.t;
    let given = &fields.form.consent;
    let mut groups = Vec::new();
    // What was consented to is the text that was read out. A new text is read and marked anew.
    let changed = !given.text.is_empty() && given.text != known.consent_text && !given.parts.is_empty();
    if changed {
        let titles = known.consent.parts.iter().filter(|(id, ..)| given.parts.contains(id));
        let marked: Vec<&str> = titles.map(|(_, title, ..)| said(t.lang, title)).collect();
        let words = t.with("consent-changed", "marked", marked.join(", "));
        groups.push(Group { words, ..Group::default() });
    }
    for (id, title, text, required) in &known.consent.parts {
        let on = given.parts.contains(id) && !changed;
        let label = t.text(if *required { "consent-given-required" } else { "consent-given" });
        let words = vec![(id.clone(), label)];
        let chosen: &[&str] = if on { &[id.as_str()] } else { &[] };
        let tick = Field::several(t, format!("consent~part~{id}"), said(t.lang, title), Options::new(words, chosen));
        groups.push(Group { words: said(t.lang, text).to_owned(), fields: vec![tick], ..Group::default() });
    }
    let words = ["applicant", "representative", "witnesses"].map(|code| (code, t.text(&format!("consent-by-{code}"))));
    let by = Field::choice(t, "consent~by", t.text("field-consent-by"), Options::new(words, &[given.by.as_str()]));
    let filled = !given.by.is_empty();
    groups.push(Group::of(vec![fields.dressed("consent", by, filled)]));
    groups
}
