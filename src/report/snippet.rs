//! The one place that knows miette: a finding and its excerpt as a report with a framed snippet.

use super::human::Look;
use super::one_line;
use crate::diagnostic::{self, Excerpt, Severity};
use crate::text::Position;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, SourceCode, SourceSpan, SpanContents,
};
use std::fmt;
use unicode_width::UnicodeWidthChar;

const TAB: usize = 4;
/// What miette puts before a source line, apart from the line number.
const GUTTER: usize = 5;
/// Snippets narrower than this show nothing; better too wide than empty.
const NARROWEST: usize = 30;

/// Draws findings, one after the other.
pub(super) struct Drawer {
    handlers: [(Severity, GraphicalReportHandler); 3],
    look: Look,
}

impl Drawer {
    pub(super) fn new(look: Look) -> Self {
        Self { handlers: Severity::ALL.map(|severity| (severity, handler(severity, look))), look }
    }

    /// Adds another file's lines that explain a finding; says whether there were any.
    pub(super) fn draw_label(&self, label: &diagnostic::Label, out: &mut String) -> bool {
        let frame = label
            .excerpt
            .as_ref()
            .and_then(|excerpt| Frame::new(&label.path, label.range.start, excerpt, self.look.width));
        let handler = self.handlers.iter().find(|(severity, _)| *severity == Severity::Info);
        let (Some(frame), Some((_, handler))) = (frame, handler) else { return false };
        let message = format!("see: {}", one_line(&label.message));
        let drawing = Drawing { severity: Severity::Info, message, help: String::new(), frame: Some(frame) };
        handler.render_report(out, &drawing).is_ok()
    }

    /// Adds the finding's message, snippet and help to `out`.
    pub(super) fn draw(&self, finding: &diagnostic::Diagnostic, out: &mut String) {
        let Some((_, handler)) = self.handlers.iter().find(|(severity, _)| *severity == finding.severity) else {
            return;
        };
        let drawing = Drawing::new(finding, self.look);
        // A failure to format leaves a report that is cut, which the message before it survives.
        let _ = handler.render_report(out, &drawing);
    }
}

fn handler(severity: Severity, look: Look) -> GraphicalReportHandler {
    let mut theme = if look.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    theme.styles.highlights = vec![match severity {
        Severity::Error => theme.styles.error,
        Severity::Warning => theme.styles.warning,
        Severity::Info => theme.styles.advice,
    }];
    GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(look.width.max(NARROWEST))
        .with_context_lines(1)
        .tab_width(TAB)
        .without_syntax_highlighting()
}

/// A finding in miette's terms.
struct Drawing {
    severity: Severity,
    message: String,
    help: String,
    frame: Option<Frame>,
}

impl Drawing {
    fn new(finding: &diagnostic::Diagnostic, look: Look) -> Self {
        let rule = if look.color { format!("\u{1b}[1m{}\u{1b}[0m", finding.rule) } else { finding.rule.to_string() };
        let suppressed = if finding.suppressed.is_some() { " (suppressed)" } else { "" };
        let (severity, message) = (finding.severity, one_line(&finding.message));
        Self {
            severity,
            message: format!("{severity} {rule}{suppressed}: {message}"),
            help: flowing(&finding.help),
            frame: finding
                .excerpt
                .as_ref()
                .and_then(|excerpt| Frame::new(&finding.path, finding.range.start, excerpt, look.width)),
        }
    }
}

/// The lines of each paragraph joined, for the terminal has its own width; lists and indented lines stay.
fn flowing(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut joins = false;
    for line in text.trim().lines() {
        let own = line.is_empty() || line.starts_with([' ', '\t', '-', '*', '|']);
        if !out.is_empty() {
            out.push(if joins && !own { ' ' } else { '\n' });
        }
        out.push_str(line);
        joins = !line.is_empty() && !line.starts_with([' ', '\t']);
    }
    out
}

impl fmt::Debug for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawing {}

impl Diagnostic for Drawing {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.frame.as_ref().map(|frame| frame as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let frame = self.frame.as_ref()?;
        let len = frame.highlight.end - frame.highlight.start;
        let label = LabeledSpan::new_primary_with_span(None, (frame.highlight.start, len));
        Some(Box::new(std::iter::once(label)))
    }
}

/// The excerpt, cut to the terminal's width, as the whole source that miette sees: so its cost does not
/// depend on the file, and no column is beyond what it can print.
struct Frame {
    name: String,
    text: String,
    highlight: std::ops::Range<usize>,
    /// 0-based, of the excerpt.
    first_line: usize,
    /// 0-based, of the finding, in the file and not in the cut line.
    line: usize,
    column: usize,
    lines: usize,
}

impl Frame {
    fn new(path: &str, place: Position, excerpt: &Excerpt, width: usize) -> Option<Self> {
        if excerpt.text.trim().is_empty() || excerpt.text.get(excerpt.highlight.clone()).is_none() {
            return None;
        }
        let lines = excerpt.text.split('\n').count();
        let digits = (excerpt.first_line as usize + lines).to_string().len();
        let (text, highlight) = narrow(excerpt, width.saturating_sub(GUTTER + digits).max(NARROWEST));
        Some(Self {
            name: one_line(path),
            text,
            highlight,
            first_line: excerpt.first_line.saturating_sub(1) as usize,
            line: place.line.saturating_sub(1) as usize,
            column: place.column.saturating_sub(1) as usize,
            lines,
        })
    }
}

impl SourceCode for Frame {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // Without context miette asks for no text but for the place to print in the frame's head.
        let head = before == 0;
        let whole = SourceSpan::from((0, self.text.len()));
        let (line, column) = if head { (self.line, self.column) } else { (self.first_line, 0) };
        let span = if head { *span } else { whole };
        Ok(Box::new(Contents { frame: self, span, line, column }))
    }
}

struct Contents<'a> {
    frame: &'a Frame,
    span: SourceSpan,
    line: usize,
    column: usize,
}

impl<'a> SpanContents<'a> for Contents<'a> {
    fn data(&self) -> &'a [u8] {
        self.frame.text.as_bytes()
    }

    fn span(&self) -> &SourceSpan {
        &self.span
    }

    fn name(&self) -> Option<&str> {
        Some(&self.frame.name)
    }

    fn line(&self) -> usize {
        self.line
    }

    fn column(&self) -> usize {
        self.column
    }

    fn line_count(&self) -> usize {
        self.frame.lines
    }
}

/// Cuts every line to `width` columns; the line where the highlight begins to a window that shows it.
fn narrow(excerpt: &Excerpt, width: usize) -> (String, std::ops::Range<usize>) {
    let (mut text, mut at) = (String::with_capacity(excerpt.text.len()), 0);
    let (mut start, mut end) = (None, None);
    for line in excerpt.text.split('\n') {
        if at > 0 {
            text.push('\n');
        }
        let lit = |edge: usize| (at..=at + line.len()).contains(&edge).then(|| edge - at);
        let window = window(line, lit(excerpt.highlight.start).unwrap_or(0), lit(excerpt.highlight.end), width);
        let base = text.len() + if window.start > 0 { '…'.len_utf8() } else { 0 };
        let place = |edge: usize| base + edge.clamp(window.start, window.end) - window.start;
        start = start.or(lit(excerpt.highlight.start).map(place));
        end = end.or(lit(excerpt.highlight.end).map(place));
        push_window(&mut text, line, window);
        at += line.len() + 1;
    }
    let start = start.unwrap_or(0);
    let end = end.unwrap_or(text.len()).max(start);
    // A place behind the last character is on a line for miette only if that line has an end.
    text.push('\n');
    (text, start..end)
}

fn push_window(text: &mut String, line: &str, window: std::ops::Range<usize>) {
    if window.start > 0 {
        text.push('…');
    }
    text.push_str(&line[window.clone()]);
    if window.end < line.len() {
        text.push('…');
    }
}

/// The bytes of a line to show: from its beginning if the highlight then fits, else from somewhat before it.
fn window(line: &str, start: usize, end: Option<usize>, width: usize) -> std::ops::Range<usize> {
    let columns = |text: &str| text.chars().map(columns_of).sum::<usize>();
    if columns(line) <= width {
        return 0..line.len();
    }
    let room = width.saturating_sub(2);
    let lit_end = end.unwrap_or(line.len()).max(start);
    let from = if columns(&line[..lit_end]) <= room {
        0
    } else {
        let lit = columns(&line[start..lit_end]).min(room);
        back(line, start, (room - lit) / 2)
    };
    from..forth(line, from, room)
}

/// The byte up to `columns` columns before `at`.
fn back(line: &str, at: usize, columns: usize) -> usize {
    let mut left = columns;
    let mut from = at;
    for (index, c) in line[..at].char_indices().rev() {
        let Some(rest) = left.checked_sub(columns_of(c)) else { break };
        (left, from) = (rest, index);
    }
    from
}

/// The byte up to `columns` columns behind `from`.
fn forth(line: &str, from: usize, columns: usize) -> usize {
    let mut left = columns;
    for (index, c) in line[from..].char_indices() {
        let Some(rest) = left.checked_sub(columns_of(c)) else { return from + index };
        left = rest;
    }
    line.len()
}

fn columns_of(c: char) -> usize {
    if c == '\t' { TAB } else { c.width().unwrap_or(0) }
}
