//! Consultations.

use super::output::{moment, say, short};
use super::{Context, exit, output};
use crate::app::{AppError, ConsultationForm, ConsultationQuery};
use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub enum Consultation {
    /// Записати консультацію / record a consultation
    Add(Add),
    /// Перелік і скільки їх / the list, and how many there are
    List(List),
    /// Обіцяну відповідь дано / a promised answer was given
    Answer {
        /// Запис із переліку / record as the list shows it
        record: String,
        /// Що порадили / what was said
        #[arg(long)]
        text: String,
    },
}

#[derive(Args)]
pub struct Add {
    /// Ключ послуги / slug of the service
    #[arg(long, default_value = "")]
    service: String,
    /// Про що питали / what was asked
    #[arg(long, default_value = "")]
    topic: String,
    /// Чим закінчилося: answered, request, visit, referred, later / what came of it
    #[arg(long, default_value = "answered")]
    outcome: String,
    /// Що порадили / what was said
    #[arg(long, default_value = "")]
    answer: String,
    /// Хто питав / who asked
    #[arg(long, default_value = "")]
    who: String,
    /// Телефон / phone
    #[arg(long, default_value = "")]
    phone: String,
}

#[derive(Args)]
pub struct List {
    /// Початки слів / beginnings of words
    #[arg(default_value = "")]
    search: String,
    /// Лише з таким наслідком / only with this outcome
    #[arg(long, default_value = "")]
    outcome: String,
    /// Не більше стількох / at most so many
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

pub fn consultation(context: &Context<'_>, command: &Consultation) -> Result<u8, AppError> {
    let agent = context.open()?;
    match command {
        Consultation::Add(add) => {
            let form = ConsultationForm {
                who: add.who.clone(),
                phone: add.phone.clone(),
                service: add.service.clone(),
                topic: add.topic.clone(),
                outcome: add.outcome.clone(),
                answer: add.answer.clone(),
                ..ConsultationForm::default()
            };
            let record = agent.consult(&form)?;
            if context.common.json {
                output::json(&serde_json::json!({ "record": record }));
            } else {
                say("Консультацію записано; перелік — consultation list / recorded; the list is consultation list");
            }
        }
        Consultation::Answer { record, text } => {
            agent.answer_consultation(record, text)?;
            say("Записано / recorded");
        }
        Consultation::List(list) => {
            let query = ConsultationQuery {
                search: list.search.clone(),
                outcome: list.outcome.clone(),
                limit: list.limit,
                ..ConsultationQuery::default()
            };
            let (rows, total) = agent.consultations(&query)?;
            let counts = agent.consultation_counts()?;
            if context.common.json {
                output::json(&serde_json::json!({ "counts": counts, "total": total, "consultations": rows }));
                return Ok(exit::DONE);
            }
            say(&format!(
                "Сьогодні {}, за 30 днів {}, усього {}, обіцяно відповісти {} / today, in 30 days, in all, answers owed",
                counts.today, counts.month, counts.all, counts.owed
            ));
            let row = |row: &crate::app::ConsultationRow| {
                let about = short(&row.about, 60);
                vec![row.record.clone(), moment(row.created), about, row.who.clone(), row.outcome_name.uk.to_owned()]
            };
            let rows: Vec<Vec<String>> = rows.iter().map(row).collect();
            output::table(
                &["запис / record", "коли / when", "про що / about", "хто / who", "наслідок / outcome"],
                &rows,
            );
        }
    }
    Ok(exit::DONE)
}
