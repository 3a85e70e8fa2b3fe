//! How many tasks, how they are numbered, which fields each has.

use super::{Bounds, Faults, FieldDemand, Shape, fields};
use std::collections::HashSet;

/// The tasks of a document.
#[derive(Debug, Default)]
pub struct TasksDemand {
    /// How many there are.
    pub count: Option<(Shape, Bounds)>,
    /// No number is given twice, within a phase at least.
    pub unique: Option<Shape>,
    /// They depend on tasks that are there and come before.
    pub dependencies: Option<Shape>,
    /// What each says of itself.
    pub fields: Vec<FieldDemand>,
}

pub(super) fn check(demand: &TasksDemand, faults: &mut Faults<'_>) {
    let document = faults.document;
    let count = document.tasks.len();
    if let Some((shape, bounds)) = &demand.count
        && !bounds.admit(count as f64)
    {
        let what = format!("{count} tasks, expected {bounds}; counted: {}", document.task_syntax);
        faults.add(*shape, document.span, what, count.to_string());
    }
    let mut seen = HashSet::new();
    for task in &document.tasks {
        if let (Some(shape), Some(number)) = (demand.unique, &task.number)
            && !seen.insert((task.phase, number.as_str()))
        {
            faults.add(shape, task.span, format!("a second task {number}"), number.as_str());
        }
        if let Some(shape) = demand.dependencies {
            if let Some(unknown) = &task.unknown_dependency {
                let what = format!("depends on {}, but there is no such task", unknown.value);
                faults.add(shape, unknown.span, what, unknown.value.as_str());
            } else if let Some(later) = &task.later_dependency {
                let what = format!("depends on {}, which does not come before it", later.value);
                faults.add(shape, later.span, what, later.value.as_str());
            }
        }
        for field in &demand.fields {
            fields::check(field, &task.fields, task.span, faults);
        }
    }
}
