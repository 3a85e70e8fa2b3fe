//! Checks that ENV, ARG and RUN switch off.

use super::Walk;
use super::facts::Bypass;
use super::pairs::pairs;
use crate::fact::shell::{self, Call, variable_bypass};
use crate::syntax::dockerfile::{Instruction, unquote};
use crate::syntax::shell::Script;
use crate::text::Spanned;

impl Walk<'_, '_> {
    pub(super) fn variable_bypasses(&mut self, instruction: &Instruction<'_>) {
        if !self.wanted.subject(Bypass::describe().name) {
            return;
        }
        for pair in pairs(instruction) {
            let Some(range) = pair.value.clone() else { continue };
            let value = unquote(&instruction.line, range.clone(), instruction.escape()).0.as_str().to_owned();
            let Some((kind, program)) = variable_bypass(&pair.name, &value) else { continue };
            let span = instruction.line.span(pair.name_range.start..range.end);
            let how = Spanned::new(format!("{}={value}", pair.name), span);
            self.push_bypass(shell::Bypass { kind, how, program: program.to_owned() }, instruction);
        }
    }

    pub(super) fn bypasses(&mut self, instruction: &Instruction<'_>, script: &Script, calls: &[Call]) {
        if !self.wanted.subject(Bypass::describe().name) {
            return;
        }
        let mut vouched = self.memory.has_built;
        for call in calls {
            for bypass in shell::bypasses(call, vouched) {
                self.push_bypass(bypass, instruction);
            }
            vouched |= shell::vouches(call);
        }
        for assignment in script.commands.iter().flat_map(|command| &command.assignments) {
            let Some(value) = assignment.value.literal() else { continue };
            if let Some((kind, program)) = variable_bypass(&assignment.name, value) {
                let span = assignment.name_span.to(assignment.value.span);
                let how = Spanned::new(format!("{}={value}", assignment.name), span);
                self.push_bypass(shell::Bypass { kind, how, program: program.to_owned() }, instruction);
            }
        }
    }

    fn push_bypass(&mut self, bypass: shell::Bypass, instruction: &Instruction<'_>) {
        let fact = Bypass {
            span: bypass.how.span,
            kind: bypass.kind.to_owned(),
            how: bypass.how,
            program: bypass.program,
            by: instruction.keyword.name().to_owned(),
        };
        self.push(fact, instruction.span);
    }
}
