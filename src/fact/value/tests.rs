//! Fields are reached by number.

use super::*;

facts! {
    /// A user.
    pub struct User = "test.user" {
        /// The name.
        "name" name: String,
        /// Whether it is root.
        "root" root: Field<bool>,
    }
    /// A stage.
    pub struct Stage = "test.stage" {
        /// The user.
        "user" user: Field<User>,
        /// Names.
        "names" names: Vec<Spanned<String>>,
    }
}

#[test]
fn fields_are_reached_by_number_and_keep_their_places() {
    let user = User { name: "app".into(), ..User::default() };
    let stage = Stage { user: Field::new(user, Span::new(3, 7)), ..Stage::default() };
    let id = Stage::describe().field("user").unwrap();
    let item = stage.field(id);
    assert_eq!(item.span, Some(Span::new(3, 7)));
    let Value::Object(user) = item.value else { panic!("an object") };
    assert!(matches!(user.field(0).value, Value::Str("app")));
    assert!(matches!(user.field(1).value, Value::Absent));
    assert_eq!(format!("{:?}", Stage::describe().fields), "[user: test.user, names: list of text]");
}
