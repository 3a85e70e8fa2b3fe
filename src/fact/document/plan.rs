//! The tasks of a plan, its phases, and the alternatives of a decision, as rules see them.

use super::Entry;
use crate::fact::value::{Field, facts};
use crate::text::Spanned;

facts! {
    /// A task of a task plan.
    pub struct Task = "document.task" {
        /// What is to be done.
        "text" text: Spanned<String>,
        /// Its number or id: `3`, `1.2`, `t1`; none for plain check boxes.
        "number" number: Option<String>,
        /// Whether an earlier task of the same phase has its number, though not all have the same.
        "repeated" repeated: bool,
        /// The number that a repeated one must have: the one that is left out right behind the task before.
        "fitting" fitting: Field<i64>,
        /// Whether its box is ticked; none for headings.
        "done" done: Option<bool>,
        /// The phase it stands in.
        "phase" phase: Option<i64>,
        /// How long it takes.
        "effort" effort: Option<Effort>,
        /// What must be done before: the text.
        "dependencies" dependencies: Option<Entry>,
        /// The first task it depends on that does not exist.
        "unknown-dependency" unknown_dependency: Option<Spanned<String>>,
        /// The first task it depends on that comes later, or is the task itself.
        "later-dependency" later_dependency: Option<Spanned<String>>,
        /// How to see that it is done.
        "verification" verification: Option<Entry>,
        /// All its fields.
        "fields" fields: Vec<Entry>,
    }

    /// An alternative that a decision record considers.
    pub struct Alternative = "document.alternative" {
        /// What it is.
        "text" text: Spanned<String>,
        /// Whether anything says why it was taken or not.
        "reasoned" reasoned: bool,
    }

    /// How long a task takes.
    pub struct Effort = "document.effort" {
        /// As written.
        "text" text: Field<String>,
        /// Whether it is a duration or a range of durations.
        "parsed" parsed: bool,
        /// The shorter end in hours; a day has 8, a week 40.
        "least" least: Field<f64>,
        /// The longer end in hours.
        "most" most: Field<f64>,
    }

    /// A phase of a task plan.
    pub struct Phase = "document.phase" {
        /// Its number.
        "number" number: Spanned<i64>,
        /// What stands behind the number, as written.
        "name" name: Field<String>,
        /// Number and name to compare with: `3: implementation`, lower case, `&` is `and`.
        "numbered-name" numbered_name: Spanned<String>,
        /// The number it should have: one more than the phase before, or 1.
        "expected" expected: i64,
        /// Whether it has that number.
        "in-sequence" in_sequence: bool,
        /// Its name with the number of its place, to compare with.
        "placed-name" placed_name: String,
        /// Which one it is, counted from 1.
        "ordinal" ordinal: i64,
        /// How many tasks stand in it.
        "tasks" tasks: i64,
    }
}
