//! Components: values that print themselves as HTML.

mod conflict;
mod field;
mod notice;
mod progress;
mod sign_in;
mod suggestions;
mod summary;
mod table;

pub use conflict::{Conflict, ConflictSide};
pub use field::{Field, Input, Options, Warning, fix_name, reason_name};
pub use notice::{ErrorSummary, Notice, Tag, Tone};
pub use progress::{Event, SectionState, TaskList, TaskSection, Timeline};
pub use sign_in::SignIn;
pub use suggestions::{Suggestion, Suggestions};
pub use summary::{SummaryGroup, SummaryList, SummaryRow};
pub use table::{Cell, Column, Pagination, Row, Sorted, Table};
