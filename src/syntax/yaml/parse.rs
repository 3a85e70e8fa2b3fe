//! Parser events to a tree; the only place that knows the parser.

use super::cursor::Cursor;
use super::error::{self, ErrorKind, Fault};
use super::lenient;
use super::{Document, Kind, Local, MAX_DEPTH, Node, NodeId, Props, Style, SyntaxError, Yaml};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as Marks, Tag};
use std::ops::Range;

/// Blank lines that begin with a tab and are looked at; all of them but the first are of one kind.
const MAX_BLANKS: usize = 100;

/// Reads the one document in `chunk` of `text` and adds it to the tree.
pub(super) fn document(yaml: &mut Yaml<'_>, text: &str, chunk: Range<usize>) {
    let whole = &text[chunk.clone()];
    // The parser takes NUL for the end of its input, so the text behind one would vanish silently.
    let nul = memchr::memchr(0, whole.as_bytes());
    let source = &whole[..nul.unwrap_or(whole.len())];
    let (nodes, errors, documents) = (yaml.nodes.len(), yaml.errors.len(), yaml.documents.len());
    if read(yaml, text, &chunk, source, nul) {
        return;
    }
    let tab = yaml.errors[errors..].iter().any(|error| error.kind == ErrorKind::Tab);
    let near = yaml.errors[errors..].iter().any(|error| error.message == error::TOO_NEAR);
    let Some(smoothed) = (tab || near).then(|| lenient::smoothed(source)).flatten() else { return };
    // Behind a tab that is right there may be one that is not: the second reading tells it.
    let readings = [smoothed.as_str(), source];
    for source in readings.into_iter().take(if tab { 1 } else { 2 }) {
        yaml.nodes.truncate(nodes);
        yaml.errors.truncate(errors);
        yaml.documents.truncate(documents);
        if read(yaml, text, &chunk, source, nul) {
            return;
        }
    }
}

/// Reads a document; whether it could be read to its end.
fn read(yaml: &mut Yaml<'_>, text: &str, chunk: &Range<usize>, source: &str, nul: Option<usize>) -> bool {
    let first = yaml.nodes.len() as u32;
    let mut builder = Builder {
        yaml,
        source,
        base: chunk.start,
        cursor: Cursor::new(source),
        open: Vec::new(),
        anchors: Vec::new(),
        root: None,
        started: false,
        last: 0,
        tabs: memchr::memchr(b'\t', source.as_bytes()).is_some(),
        tab: None,
    };
    let mut complete = builder.run();
    if let (Some(at), true) = (nul, complete) {
        let at = chunk.start + at;
        let message = "a NUL byte; the rest of this document is not read".to_owned();
        let span = builder.yaml.text.span(at..at + 1);
        builder.yaml.errors.push(SyntaxError { span, kind: ErrorKind::Syntax, message });
        complete = false;
    }
    builder.close_all();
    let (root, started) = (builder.root, builder.started);
    let (tab, tabs) = (builder.tab.filter(|_| complete), builder.tabs);
    if let Some(tab) = tab {
        push_tab(yaml, chunk.start + tab, error::TAB);
    } else if complete
        && tabs
        && let Some(tab) = blank_tab(&text[chunk.clone()], chunk.start, &yaml.nodes[first as usize..], text)
    {
        push_tab(yaml, chunk.start + tab, error::BLANK_TAB);
    }
    if !started && complete {
        return true;
    }
    let nodes = (first, yaml.nodes.len() as u32);
    let root = root.filter(|&id| !is_nothing(yaml.node(id)));
    let span = yaml.text.span(chunk.clone());
    yaml.documents.push(Document { root, span, complete, range: Local::new(chunk.start, chunk.end), nodes });
    complete
}

fn push_tab(yaml: &mut Yaml<'_>, at: usize, message: &str) {
    let span = yaml.text.span(at..at + 1);
    yaml.errors.push(SyntaxError { span, kind: ErrorKind::Tab, message: message.to_owned() });
}

/// The first tab that begins a line of nothing but blanks or a comment: ours lets it pass, the parsers of Go and Python do not, but within
/// brackets and quotes. `nodes` are those of the document, which begins at `base` of the text.
fn blank_tab(source: &str, base: usize, nodes: &[Node], text: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let lines = memchr::memmem::find_iter(bytes, b"\n\t").map(|at| at + 1);
    let blank = |at: &usize| {
        let rest = &bytes[*at..];
        let width = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        matches!(rest.get(width), None | Some(b'\n' | b'\r' | b'#'))
    };
    let inside = |at: usize| {
        let holds = |node: &&Node| node.range.range().contains(&(base + at));
        let closed = |node: &Node| {
            let first = text.as_bytes().get(node.range.range().start);
            matches!(first, Some(b'"' | b'\'' | b'[' | b'{'))
        };
        nodes.iter().filter(holds).any(closed)
    };
    lines.filter(blank).take(MAX_BLANKS).find(|at| !inside(*at))
}

/// The tab that indents the first line of a collection in block style: the parser lets it pass there.
fn leading_tab(text: &str, start: usize) -> Option<usize> {
    let line = memchr::memrchr2(b'\n', b'\r', &text.as_bytes()[..start]).map_or(0, |end| end + 1);
    let indent = &text.as_bytes()[line..start];
    let at = memchr::memchr(b'\t', indent).filter(|_| indent.iter().all(|b| matches!(b, b' ' | b'\t')))?;
    Some(line + at)
}

fn is_nothing(node: &Node) -> bool {
    node.props.is_none() && matches!(&node.kind, Kind::Scalar { value, style: Style::Plain } if value.is_empty())
}

/// A collection that is not closed yet.
struct Open {
    id: NodeId,
    flow: bool,
    /// The key that waits for its value.
    key: Option<NodeId>,
}

struct Builder<'b, 'a, 's> {
    yaml: &'b mut Yaml<'a>,
    source: &'s str,
    /// Where the source begins in the tree's text.
    base: usize,
    cursor: Cursor<'s>,
    open: Vec<Open>,
    /// By the parser's anchor number.
    anchors: Vec<Option<NodeId>>,
    root: Option<NodeId>,
    started: bool,
    /// The byte behind the last token that made a node.
    last: usize,
    /// Whether there are tabs at all, and the first that indents a collection.
    tabs: bool,
    tab: Option<usize>,
}

impl<'s> Builder<'_, '_, 's> {
    /// Whether the document was read to its end.
    fn run(&mut self) -> bool {
        let mut parser = Parser::new_from_str(self.source);
        while let Some(event) = parser.next_event() {
            let (event, marks) = match event {
                Ok(pair) => pair,
                Err(error) if error.info().contains("unknown anchor") => {
                    // The parser has taken the alias and stands behind it: it can go on.
                    self.undefined_alias(&error);
                    continue;
                }
                Err(error) => {
                    let at = self.cursor.byte(error.marker().index());
                    let fault = error::explain(self.source, at, error.info());
                    self.fault(fault);
                    return false;
                }
            };
            if !self.event(event, marks) {
                return false;
            }
        }
        true
    }

    fn event(&mut self, event: Event<'_>, marks: Marks) -> bool {
        match event {
            Event::DocumentStart(_) => self.started = true,
            Event::Alias(anchor) => {
                let target = self.anchors.get(anchor).copied().flatten();
                let around = target.is_some_and(|id| self.open.iter().any(|open| open.id == id));
                let range = self.range(marks);
                if around {
                    self.circle(range.clone());
                }
                let target = target.filter(|_| !around);
                self.node(Kind::Alias(target), range, None, 0);
            }
            Event::Scalar(value, style, anchor, tag) => {
                let style = style_of(style);
                // Between brackets the parser takes the head of a block for a word, as it does nowhere else.
                if style == Style::Plain && value.starts_with(['|', '>']) {
                    let at = self.cursor.byte(marks.start.index());
                    self.fault(error::block_in_flow(at));
                    return false;
                }
                let (range, props) = self.place(marks, anchor, tag.as_deref());
                let range = self.scalar_range(range, style, &value);
                self.node(Kind::Scalar { value: value.into_owned(), style }, range, props, anchor);
            }
            Event::SequenceStart(anchor, tag) => {
                return self.collection(Kind::Sequence(Vec::new()), marks, anchor, tag.as_deref());
            }
            Event::MappingStart(anchor, tag) => {
                return self.collection(Kind::Mapping(Vec::new()), marks, anchor, tag.as_deref());
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(Some(marks)),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        true
    }

    fn collection(&mut self, kind: Kind, marks: Marks, anchor: usize, tag: Option<&Tag>) -> bool {
        let (mut range, props) = self.place(marks, anchor, tag);
        if self.open.len() >= MAX_DEPTH {
            self.fault(error::too_deep(range.start));
            return false;
        }
        // Only the tokens of flow collections have a width.
        let flow = range.end > range.start;
        if !flow && matches!(kind, Kind::Sequence(_)) && self.open.last().is_some_and(|open| open.key.is_some()) {
            // A list below a key: the parser's mark may stand on its first item.
            let dash = self.skip_props(self.last);
            if self.source.as_bytes().get(dash) == Some(&b'-') {
                range = dash..dash;
            }
        }
        if self.tabs && !flow && self.tab.is_none() {
            self.tab = leading_tab(self.source, range.start);
        }
        let id = self.node(kind, range, props, anchor);
        self.open.push(Open { id, flow, key: None });
        true
    }

    /// Ends the innermost collection: flow ones at their bracket, block ones behind their last child.
    fn close(&mut self, marks: Option<Marks>) {
        let Some(open) = self.open.pop() else { return };
        let end = match marks {
            Some(marks) if open.flow => self.range(marks).end,
            _ => self.last,
        };
        let end = (self.base + end) as u32;
        let node = &mut self.yaml.nodes[open.id.index()];
        node.range.end = end.max(node.range.start);
        self.last = node.range.end as usize - self.base;
    }

    fn close_all(&mut self) {
        while !self.open.is_empty() {
            self.close(None);
        }
    }

    fn node(&mut self, kind: Kind, range: Range<usize>, props: Option<Box<Props>>, anchor: usize) -> NodeId {
        let id = NodeId(self.yaml.nodes.len() as u32);
        self.last = self.last.max(range.end);
        let range = Local::new(self.base + range.start, self.base + range.end);
        self.yaml.nodes.push(Node { kind, range, props });
        if anchor > 0 {
            self.anchors.resize(self.anchors.len().max(anchor + 1), None);
            self.anchors[anchor] = Some(id);
        }
        self.attach(id);
        id
    }

    fn attach(&mut self, id: NodeId) {
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(id);
            return;
        };
        match &mut self.yaml.nodes[open.id.index()].kind {
            Kind::Sequence(items) => items.push(id),
            Kind::Mapping(entries) => match open.key.take() {
                Some(key) => entries.push((key, id)),
                None => open.key = Some(id),
            },
            Kind::Scalar { .. } | Kind::Alias(_) => {}
        }
    }

    /// An alias within what it stands for: valid to the letter, and refused by the parsers of Go.
    fn circle(&mut self, range: Range<usize>) {
        let name = self.source.get(range.clone()).unwrap_or_default();
        let message = format!("`{name}` stands within what it stands for");
        let span = self.yaml.text.span(self.base + range.start..self.base + range.end);
        self.yaml.errors.push(SyntaxError { span, kind: ErrorKind::UndefinedAlias, message });
    }

    fn undefined_alias(&mut self, error: &ScanError) {
        let start = self.cursor.byte(error.marker().index());
        let end = start + word_len(&self.source[start..]);
        let name = self.source[start..end].trim_start_matches('*').to_owned();
        let span = self.yaml.text.span(self.base + start..self.base + end);
        let message = format!("no anchor `&{name}` stands above in this document");
        self.yaml.errors.push(SyntaxError { span, kind: ErrorKind::UndefinedAlias, message });
        self.node(Kind::Alias(None), start..end, None, 0);
    }

    fn fault(&mut self, fault: Fault) {
        let at = fault.at.min(self.source.len());
        let line = &self.source[at..];
        let width = match fault.kind {
            ErrorKind::Tab => 1,
            _ => line.find(['\n', '\r']).unwrap_or(line.len()).min(line.trim_end().len()),
        };
        let mut width = width.min(80);
        while !line.is_char_boundary(width) {
            width -= 1;
        }
        let span = self.yaml.text.span(self.base + at..self.base + at + width);
        self.yaml.errors.push(SyntaxError { span, kind: fault.kind, message: fault.message });
    }

    fn range(&mut self, marks: Marks) -> Range<usize> {
        let start = self.cursor.byte(marks.start.index());
        start..self.cursor.byte(marks.end.index()).max(start)
    }

    /// The node without its tag and anchor, and these.
    fn place(&mut self, marks: Marks, anchor: usize, tag: Option<&Tag>) -> (Range<usize>, Option<Box<Props>>) {
        let range = self.range(marks);
        if anchor == 0 && tag.is_none() {
            return (range, None);
        }
        let start = self.skip_props(range.start).min(range.end);
        let anchor = (anchor > 0).then(|| self.anchor_name(range.start..start)).flatten();
        (start..range.end, Some(Box::new(Props { tag: tag.map(tag_name), anchor })))
    }

    fn anchor_name(&self, range: Range<usize>) -> Option<Local> {
        let head = &self.source[range.clone()];
        let at = head
            .char_indices()
            .find(|&(at, c)| c == '&' && (at == 0 || head[..at].ends_with([' ', '\t', '\n', '\r'])))?;
        let start = self.base + range.start + at.0 + 1;
        Some(Local::new(start, start + word_len(&head[at.0 + 1..])))
    }

    fn scalar_range(&self, range: Range<usize>, style: Style, value: &str) -> Range<usize> {
        match style {
            Style::Plain if value.is_empty() => range.start..range.start,
            Style::Literal | Style::Folded => {
                let start = self.block_header(range.start).unwrap_or(range.start);
                let written = self.source.get(start..range.end).unwrap_or("");
                let kept = written.trim_end().len();
                // Blanks at the end of the last line belong to the value.
                let blanks = written[kept..].find(['\n', '\r']).unwrap_or(0);
                start..start + kept + blanks
            }
            // The parser's mark stands behind the blanks and the comment that may follow.
            Style::Single | Style::Double => range.start..self.closing_quote(range.start).unwrap_or(range.end),
            _ => range,
        }
    }

    /// The byte behind the quote that ends the scalar at `start`.
    fn closing_quote(&self, start: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let quote = *bytes.get(start)?;
        let mut at = start + 1;
        loop {
            at += memchr::memchr2(quote, b'\\', bytes.get(at..)?)?;
            match bytes[at] {
                b'\\' if quote == b'"' => at += 2,
                b'\\' => at += 1,
                _ if quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
                _ => return Some(at + 1),
            }
        }
    }

    /// The `|` or `>` of a block scalar whose content begins at `content`.
    fn block_header(&self, content: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        if matches!(bytes.get(content), Some(b'|' | b'>')) && header_at(&self.source[content..]) {
            return Some(content);
        }
        let head = self.source[..content].trim_end();
        let line = head.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let text = &head[line..];
        text.char_indices()
            .filter(|&(at, c)| matches!(c, '|' | '>') && (at == 0 || text[..at].ends_with([' ', '\t'])))
            .find(|&(at, _)| header_at(&text[at..]))
            .map(|(at, _)| line + at)
    }

    /// Behind blanks, comments, tags, anchors and the `:` or `?` before a value.
    fn skip_props(&self, from: usize) -> usize {
        let bytes = self.source.as_bytes();
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            let blank_follows = matches!(bytes.get(at + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r'));
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => at = memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |end| at + end),
                b'&' | b'!' => at += word_len(&self.source[at..]).max(1),
                b':' | b'?' if blank_follows => at += 1,
                _ => break,
            }
        }
        at
    }
}

/// Whether a text begins with the header of a block scalar: indicators, then only a comment.
fn header_at(text: &str) -> bool {
    let line = text.lines().next().unwrap_or("");
    let rest = line[1..].trim_start_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    let after = rest.trim_start();
    after.is_empty() || (after.starts_with('#') && after.len() < rest.len())
}

/// The length of an anchor, an alias or a tag.
fn word_len(text: &str) -> usize {
    text.find([' ', '\t', '\n', '\r', ',', '[', ']', '{', '}']).unwrap_or(text.len())
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

fn tag_name(tag: &Tag) -> String {
    match tag.handle.as_str() {
        "tag:yaml.org,2002:" => format!("!!{}", tag.suffix),
        "!" | "" => format!("{}{}", tag.handle, tag.suffix),
        handle => format!("{handle}{}", tag.suffix),
    }
}
