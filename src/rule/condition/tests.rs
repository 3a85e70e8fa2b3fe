//! What conditions say of known, absent and unknown values.

use super::*;
use crate::fact::value::{Field, OpenList, facts};

facts! {
    /// A member.
    pub struct Member = "test.member" {
        /// A name.
        "name" name: Field<String>,
    }
    /// A subject.
    pub struct Thing = "test.thing" {
        /// A number.
        "size" size: Field<i64>,
        /// Members in sight.
        "members" members: Vec<Field<Member>>,
        /// Members of which there may be more.
        "open" open: OpenList<String>,
        /// One of them.
        "first" first: Field<Member>,
    }
}

const SIZE: usize = 0;
const MEMBERS: usize = 1;
const OPEN: usize = 2;
const FIRST: usize = 3;

fn field(path: &[usize], test: Test) -> Test {
    Test::Field(path.into(), Box::new(test))
}

fn int(n: i64) -> Operand {
    Operand::Literal(Literal::Int(n))
}

fn text(value: &str) -> Test {
    Test::Equals(Operand::Literal(Literal::Text(value.into())))
}

fn member(name: &str, at: usize) -> Field<Member> {
    let name = Field::new(name.to_owned(), Span::new(at, at + name.len()));
    Field::new(Member { name, span: Span::point(at) }, Span::point(at))
}

fn holds(test: &Test, thing: &Thing) -> Truth {
    test.holds(thing, &[])
}

#[test]
fn absent_fails_every_test_but_absent_and_unknown_decides_nothing() {
    let nothing = Thing::default();
    let named = field(&[FIRST, 0], text("a"));
    assert_eq!(holds(&named, &nothing), Truth::False);
    assert_eq!(holds(&Test::Not(Box::new(named)), &nothing), Truth::True);
    assert_eq!(holds(&field(&[FIRST, 0], Test::Absent), &nothing), Truth::True);
    assert_eq!(holds(&field(&[SIZE], Test::AtMost(int(3))), &nothing), Truth::False);

    let templated = Thing { first: Field::unknown("${X}", Span::new(4, 8)), ..Thing::default() };
    assert_eq!(holds(&field(&[FIRST, 0], text("a")), &templated), Truth::Unknown);
    assert_eq!(holds(&Test::Not(Box::new(field(&[FIRST, 0], text("a")))), &templated), Truth::Unknown);
    assert_eq!(holds(&field(&[FIRST], Test::Present), &templated), Truth::True);

    let fragment = Thing { first: Field::unknown("", Span::new(4, 4)), ..Thing::default() };
    assert_eq!(holds(&field(&[FIRST], Test::Present), &fragment), Truth::Unknown);
    assert_eq!(holds(&field(&[FIRST], Test::Absent), &fragment), Truth::Unknown);
}

#[test]
fn kleene_tables() {
    let thing = Thing {
        size: Field::new(5, Span::default()),
        first: Field::unknown("${X}", Span::default()),
        ..Thing::default()
    };
    let yes = || field(&[SIZE], Test::AtLeast(int(5)));
    let no = || field(&[SIZE], Test::AtMost(int(4)));
    let maybe = || field(&[FIRST, 0], text("a"));
    let table = [
        (Test::All(vec![yes(), maybe()]), Truth::Unknown),
        (Test::All(vec![maybe(), no()]), Truth::False),
        (Test::Any(vec![no(), maybe()]), Truth::Unknown),
        (Test::Any(vec![maybe(), yes()]), Truth::True),
        (Test::All(vec![]), Truth::True),
        (Test::Any(vec![]), Truth::False),
    ];
    for (test, truth) in table {
        assert_eq!(holds(&test, &thing), truth, "{test:?}");
    }
}

#[test]
fn lists_count_as_intervals_and_open_ones_have_no_end() {
    let unknown = || Field::unknown("{{ x }}", Span::default());
    let thing = Thing {
        members: vec![member("a", 0), unknown()],
        open: OpenList { items: vec!["a".into()], open: true },
        ..Thing::default()
    };
    let count = |path: usize, test: Test| holds(&field(&[path], Test::Count(Box::new(test))), &thing);
    assert_eq!(count(MEMBERS, Test::AtLeast(int(1))), Truth::True);
    assert_eq!(count(MEMBERS, Test::AtLeast(int(2))), Truth::Unknown);
    assert_eq!(count(MEMBERS, Test::AtMost(int(0))), Truth::False);
    assert_eq!(count(OPEN, Test::AtMost(int(1))), Truth::Unknown);
    assert_eq!(count(OPEN, Test::Equals(int(0))), Truth::False);
    let each = |test: Test| holds(&field(&[OPEN], Test::Each(Box::new(test))), &thing);
    assert_eq!(each(text("a")), Truth::Unknown);
    assert_eq!(each(text("b")), Truth::False);
    let some = |test: Test| holds(&field(&[OPEN], Test::Some(Box::new(test))), &thing);
    assert_eq!(some(text("a")), Truth::True);
    assert_eq!(some(text("b")), Truth::Unknown);
}

#[test]
fn the_witness_is_the_part_that_failed() {
    let thing = Thing { members: vec![member("a", 10), member("bb", 20)], ..Thing::default() };
    let each = field(&[MEMBERS], Test::Each(Box::new(field(&[0], text("a")))));
    let whole = Test::All(vec![field(&[SIZE], Test::Absent), each]);
    assert_eq!(holds(&whole, &thing), Truth::False);
    assert_eq!(whole.witness(&thing, &[]), Some(Span::new(20, 22)));
}
