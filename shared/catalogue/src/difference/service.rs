//! What changed in one service.

use super::{Details, nothing, yes_no};
use crate::catalogue::Catalogue;
use crate::condition::{Answers, Circumstances};
use crate::fees::{FeeRule, FeeVariant, Price, hryvnias, percent_words};
use crate::field::{Column, Field, FieldType};
use crate::service::{Mode, Paper, Service, Term, Verified};
use crate::text::Text;

type InRelease<'a> = (&'a Catalogue, &'a Service);

pub(super) fn details((old, before): InRelease<'_>, (new, after): InRelease<'_>) -> Vec<Text> {
    let mut details = Details::default();
    details.turned(["назва", "name"], &before.name, &after.name);
    term(&mut details, &before.term, &after.term);
    papers(&mut details, &before.papers, &after.papers);
    fee(&mut details, (old, before), (new, after));
    fields(&mut details, &before.fields, &after.fields);
    outreach(&mut details, (old, before), (new, after));
    details.turned(["надавач", "provider"], &authorities(old, before), &authorities(new, after));
    details.turned(["група", "group"], &group(old, before), &group(new, after));
    details.listed(["результат", "result"], &before.results, &after.results);
    details.listed(["хто може звернутися", "who may apply"], &before.applicants, &after.applicants);
    details.listed(["підстава відмови", "ground to refuse"], &before.refusal_grounds, &after.refusal_grounds);
    let id = |service: &Service| service.official_id.as_ref().map_or_else(nothing, |id| Text::new(id, id));
    details.turned(["ідентифікатор Гіда", "identifier of the Guide"], &id(before), &id(after));
    details.touched(before.legal_basis != after.legal_basis, ["змінено перелік актів", "the acts it rests on changed"]);
    details.touched(before.note != after.note, ["змінено примітку", "the remark changed"]);
    let sources = before.sources != after.sources || before.confirmed != after.confirmed;
    details.touched(sources, ["змінено джерела", "the sources changed"]);
    details.turned(["підтверджено", "confirmed"], &verified(before), &verified(after));
    details.touched(before.keywords != after.keywords, ["змінено слова для пошуку", "the words for search changed"]);
    let rest =
        before.form_basis != after.form_basis || before.refusal_grounds_confirmed != after.refusal_grounds_confirmed;
    details.touched(rest, ["змінено відомості про підтвердження", "what is said of its confirmation changed"]);
    details.rest(before != after);
    details.0
}

fn verified(service: &Service) -> Text {
    match service.verified {
        Verified::Full => Text::new("повністю", "fully"),
        Verified::Partial => Text::new("частково", "partly"),
        Verified::NameOnly => Text::new("лише назву", "the name only"),
    }
}

fn joined(all: &[Text]) -> Text {
    if all.is_empty() {
        return nothing();
    }
    let join = |get: fn(&Text) -> &str| all.iter().map(get).collect::<Vec<_>>().join(", ");
    Text::new(join(|text| &text.uk), join(|text| &text.en))
}

fn authorities(catalogue: &Catalogue, service: &Service) -> Text {
    let names = service.authorities.iter().filter_map(|id| catalogue.authority(id));
    joined(&names.map(|one| one.name.clone()).collect::<Vec<_>>())
}

fn group(catalogue: &Catalogue, service: &Service) -> Text {
    catalogue.group(&service.group).map_or_else(nothing, |group| group.name.clone())
}

fn term(details: &mut Details, before: &Term, after: &Term) {
    let usual = |term: &Term| term.usual.map_or_else(|| Text::new("не встановлено", "not set"), |usual| usual.words());
    details.turned(["строк", "term"], &usual(before), &usual(after));
    let variants = |term: &Term| -> Vec<Text> {
        let one = |v: &crate::service::TermVariant| {
            let length = v.length.words();
            Text::new(format!("{}: {}", v.when.uk, length.uk), format!("{}: {}", v.when.en, length.en))
        };
        term.variants.iter().map(one).collect()
    };
    let (said_before, said_after) = (variants(before), variants(after));
    details.listed(["строк в іншому випадку", "term in another case"], &said_before, &said_after);
    let conditions = before.variants != after.variants && said_before == said_after;
    details.touched(conditions, ["змінено умови інших строків", "the conditions of other terms changed"]);
    let may = |term: &Term| yes_no(term.may_be_suspended);
    details.turned(["може зупинятися", "may be suspended"], &may(before), &may(after));
    details.touched(before.note != after.note, ["змінено примітку до строку", "the remark on the term changed"]);
}

fn papers(details: &mut Details, before: &[Paper], after: &[Paper]) {
    for paper in after {
        let Some(was) = before.iter().find(|one| one.id == paper.id) else {
            details.say(format!("нове: {}", paper.name.uk), format!("new: {}", paper.name.en));
            continue;
        };
        let what = [format!("документ «{}»", was.name.uk), format!("paper “{}”", was.name.en)];
        let what = [what[0].as_str(), what[1].as_str()];
        details.turned(what, &was.name, &paper.name);
        details.turned(what, &was.form.words(), &paper.form.words());
        let always = || Text::new("завжди", "always");
        let condition = |paper: &Paper| paper.condition.clone().unwrap_or_else(always);
        details.turned(what, &condition(was), &condition(paper));
        let rest = (&was.when, &was.any_of, was.confirmed) != (&paper.when, &paper.any_of, paper.confirmed);
        let said = [format!("{}: змінено умови", what[0]), format!("{}: its conditions changed", what[1])];
        details.touched(rest, [&said[0], &said[1]]);
    }
    for paper in before.iter().filter(|paper| !after.iter().any(|one| one.id == paper.id)) {
        details.say(format!("більше не потрібно: {}", paper.name.uk), format!("no longer needed: {}", paper.name.en));
    }
}

/// What is paid on the first day of the new release, and, where that is the same, the rule.
fn fee(details: &mut Details, (old, before): InRelease<'_>, (new, after): InRelease<'_>) {
    let answers = Answers::new();
    let given = Circumstances::of_answers(&answers);
    let day = new.release().effective_from;
    let paid = |(catalogue, service): InRelease<'_>| service.fee.on(day, catalogue.fee_bases(), &given).words();
    let (paid_before, paid_after) = (paid((old, before)), paid((new, after)));
    let rules = [rule(old, before), rule(new, after)];
    if paid_before == paid_after {
        details.turned(["збір", "fee"], &rules[0], &rules[1]);
        let hidden = before.fee.rule != after.fee.rule && rules[0] == rules[1];
        details.touched(hidden, ["змінено умови плати", "the conditions of the fee changed"]);
    } else {
        details.turned(["збір", "fee"], &paid_before, &paid_after);
    }
    let who = |service: &Service| service.fee.exempt.iter().map(|one| one.who.clone()).collect::<Vec<_>>();
    details.listed(["не платять", "exempt"], &who(before), &who(after));
    for one in &after.fee.exempt {
        let Some(was) = before.fee.exempt.iter().find(|other| other.who == one.who) else { continue };
        let said = [
            format!("не платять, {}: змінено умову", one.who.uk),
            format!("exempt, {}: the condition changed", one.who.en),
        ];
        details.touched(was.condition != one.condition, [&said[0], &said[1]]);
    }
    let payee = |(catalogue, service): InRelease<'_>| {
        let payee = service.fee.payee.as_deref().and_then(|id| catalogue.payee(id));
        payee.map_or_else(nothing, |payee| payee.name.clone())
    };
    details.turned(["отримувач плати", "payee"], &payee((old, before)), &payee((new, after)));
    let confirmed = |service: &Service| yes_no(service.fee.payee_confirmed);
    details.turned(["отримувача підтверджено", "payee confirmed"], &confirmed(before), &confirmed(after));
    details.touched(before.fee.note != after.fee.note, ["змінено примітку до плати", "the remark on the fee changed"]);
}

fn rule(catalogue: &Catalogue, service: &Service) -> Text {
    match &service.fee.rule {
        FeeRule::Unknown => Text::new("уточнюється", "to be confirmed"),
        FeeRule::Free => Text::new("безоплатно", "free"),
        FeeRule::Charged { usual, variants, surcharges } => {
            let mut all = vec![price(catalogue, usual)];
            let case = |sign: &str, v: &FeeVariant| {
                let price = price(catalogue, &v.price);
                Text::new(format!("{}: {sign}{}", v.when.uk, price.uk), format!("{}: {sign}{}", v.when.en, price.en))
            };
            all.extend(variants.iter().map(|v| case("", v)));
            all.extend(surcharges.iter().map(|v| case("+", v)));
            joined(&all)
        }
    }
}

fn price(catalogue: &Catalogue, price: &Price) -> Text {
    match price {
        Price::Unknown => Text::new("уточнюється", "to be confirmed"),
        Price::Nothing => Text::new("безоплатно", "free"),
        Price::Fixed { kopiykas, .. } => {
            let amount = hryvnias(*kopiykas);
            Text::new(format!("{amount} грн"), format!("UAH {}", amount.replace(',', ".")))
        }
        Price::Share { base, permyriad, round_to } => {
            let name = catalogue.fee_bases().iter().find(|one| one.id == *base).map(|one| one.name.clone());
            let Text { uk, en } = name.unwrap_or_else(|| Text::new(base, base));
            let percent = percent_words(*permyriad);
            let unit = hryvnias(*round_to);
            let rounded = |uk: bool| match (*round_to > 1, uk) {
                (false, _) => String::new(),
                (true, true) => format!(", до {unit} грн"),
                (true, false) => format!(", to UAH {}", unit.replace(',', ".")),
            };
            Text::new(
                format!("{percent} % ({uk}){}", rounded(true)),
                format!("{} % ({en}){}", percent.replace(',', "."), rounded(false)),
            )
        }
    }
}

fn fields(details: &mut Details, before: &[Field], after: &[Field]) {
    for field in after {
        let Some(was) = before.iter().find(|one| one.id == field.id) else {
            details.say(format!("нове поле: {}", field.label.uk), format!("new field: {}", field.label.en));
            continue;
        };
        let what = [format!("поле «{}»", was.label.uk), format!("field “{}”", was.label.en)];
        let what = [what[0].as_str(), what[1].as_str()];
        details.turned(what, &was.label, &field.label);
        let required = |field: &Field| match field.required {
            true => Text::new("обов’язкове", "required"),
            false => Text::new("не обов’язкове", "not required"),
        };
        details.turned(what, &required(was), &required(field));
        let same_kind = std::mem::discriminant(&was.kind) == std::mem::discriminant(&field.kind);
        let said = [format!("{}: інший вид відповіді", what[0]), format!("{}: another kind of answer", what[1])];
        details.touched(!same_kind, [&said[0], &said[1]]);
        details.listed(what, &labels(&was.kind), &labels(&field.kind));
        let parts = [
            format!("{}: змінено значення варіантів або види стовпців", what[0]),
            format!("{}: values of its options or kinds of its columns changed", what[1]),
        ];
        let (inner_was, inner_is) = (inner(&was.kind), inner(&field.kind));
        let other = |one: &(&Text, String)| inner_was.iter().any(|was| was.0 == one.0) && !inner_was.contains(one);
        let touched = same_kind && inner_is.iter().any(other);
        details.touched(touched, [&parts[0], &parts[1]]);
        let said =
            [format!("{}: змінено умову або підказку", what[0]), format!("{}: its condition or hint changed", what[1])];
        details.touched((&was.show_if, &was.hint) != (&field.show_if, &field.hint), [&said[0], &said[1]]);
    }
    for field in before.iter().filter(|field| !after.iter().any(|one| one.id == field.id)) {
        details.say(format!("прибрано поле: {}", field.label.uk), format!("field removed: {}", field.label.en));
    }
}

/// What is stored under each label: values of options; keys, kinds and need of columns.
fn inner(kind: &FieldType) -> Vec<(&Text, String)> {
    let column = |one: &Column| format!("{} {:?} {}", one.id, one.kind, one.required);
    match kind {
        FieldType::Table(columns) => columns.iter().map(|one| (&one.label, column(one))).collect(),
        kind => kind.options().iter().map(|option| (&option.label, option.value.clone())).collect(),
    }
}

/// Options of a choice, columns of a table.
fn labels(kind: &FieldType) -> Vec<Text> {
    match kind {
        FieldType::Table(columns) => columns.iter().map(|column| column.label.clone()).collect(),
        kind => kind.options().iter().map(|option| option.label.clone()).collect(),
    }
}

fn outreach(details: &mut Details, (old, before): InRelease<'_>, (new, after): InRelease<'_>) {
    let mode = |service: &Service| match service.outreach.mode {
        Mode::CompleteOnSite => Text::new("повністю", "complete"),
        Mode::IntakeOnly => Text::new("прийом документів", "intake"),
        Mode::OnlineAssist => Text::new("допомога онлайн", "help online"),
        Mode::NotAvailable => Text::new("не надається", "not available"),
    };
    details.turned(["на виїзді", "at home"], &mode(before), &mode(after));
    let needs = |(catalogue, service): InRelease<'_>| -> Vec<Text> {
        let ids = service.outreach.needs.iter().filter_map(|id| catalogue.need(id));
        ids.map(|need| need.name.clone()).collect()
    };
    details.listed(["потрібно на місці", "needed on the spot"], &needs((old, before)), &needs((new, after)));
    let note = before.outreach.note != after.outreach.note || before.outreach.basis != after.outreach.basis;
    details.touched(note, ["змінено примітку про виїзд", "the remark on visits changed"]);
}
