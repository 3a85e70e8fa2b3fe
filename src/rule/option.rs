//! Values of options: what a rule lets a config say.

use super::written::{Literal, OptionDef, OptionType, Range};

impl OptionDef {
    /// Reads a value for this option.
    ///
    /// # Errors
    /// What the option wants instead.
    pub fn check(&self, value: &Literal) -> Result<Literal, String> {
        let fits = match (self.ty, value) {
            (OptionType::Bool, Literal::Bool(_))
            | (OptionType::Int | OptionType::Num, Literal::Int(_))
            | (OptionType::Num, Literal::Num(_))
            | (OptionType::Text, Literal::Text(_))
            | (OptionType::List, Literal::List(_)) => Some(value.clone()),
            (OptionType::Text, Literal::Int(n)) => Some(Literal::Text(n.to_string())),
            (OptionType::Text, Literal::Bool(b)) => Some(Literal::Text(b.to_string())),
            (OptionType::List, Literal::Text(text)) => Some(Literal::List(vec![text.clone()])),
            _ => None,
        };
        let wanted = match self.ty {
            OptionType::Int => "a whole number",
            OptionType::Bool => "true or false",
            ty => &format!("a {}", ty.as_str()),
        };
        let value = fits.ok_or_else(|| format!("option `{}` wants {wanted}", self.name.value))?;
        match number(&value).and_then(|number| self.range.refuses(number)) {
            Some(bound) => Err(format!("option `{}` must be {bound}", self.name.value)),
            None => Ok(value),
        }
    }
}

/// The number that a value is.
fn number(value: &Literal) -> Option<f64> {
    match value {
        Literal::Int(number) => Some(*number as f64),
        Literal::Num(number) => Some(*number),
        _ => None,
    }
}

impl Range {
    /// The bound that a number breaks. What is not said to start lower counts or measures something.
    pub fn refuses(&self, number: f64) -> Option<String> {
        let least = self.least.unwrap_or(0.0);
        let most = self.most.filter(|most| number > *most);
        if number < least { Some(format!("{least} at least")) } else { most.map(|most| format!("{most} at most")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Span, Spanned};

    fn option(ty: OptionType, least: Option<f64>, most: Option<f64>) -> OptionDef {
        let name = Spanned::new("max".to_owned(), Span::default());
        OptionDef { name, doc: String::new(), ty, default: None, range: Range { least, most } }
    }

    #[test]
    fn types_and_bounds() {
        let of = |least, most, value| option(OptionType::Int, least, most).check(&Literal::Int(value)).err();
        assert_eq!(of(None, None, 0), None);
        assert_eq!(of(None, None, -1).as_deref(), Some("option `max` must be 0 at least"));
        assert_eq!(of(Some(1.0), Some(9.0), 0).as_deref(), Some("option `max` must be 1 at least"));
        assert_eq!(of(Some(1.0), Some(9.0), 10).as_deref(), Some("option `max` must be 9 at most"));
        assert_eq!((of(Some(1.0), Some(9.0), 1), of(Some(1.0), Some(9.0), 9)), (None, None));
        assert_eq!(of(Some(-5.0), None, -5), None);
        let half = option(OptionType::Num, Some(0.5), None);
        assert_eq!(half.check(&Literal::Num(0.25)).err().as_deref(), Some("option `max` must be 0.5 at least"));
        assert_eq!(half.check(&Literal::Int(1)), Ok(Literal::Int(1)));
        let told = option(OptionType::Int, None, None).check(&Literal::Text("x".into())).err();
        assert_eq!(told.as_deref(), Some("option `max` wants a whole number"));
    }
}
