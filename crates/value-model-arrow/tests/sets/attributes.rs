//! Random attributes of accounts, as values and as Arrow columns of every type that can hold them.

use std::sync::Arc;

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::Int16Type;
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, LargeStringArray, StringArray, StringViewArray,
};
use value_model::answer::Value;

use super::table::Random;

/// Per row what is known of the account, and its name.
pub struct Attributes {
    pub names: Vec<String>,
    values: Vec<[Option<Value>; 4]>,
}

const COLUMNS: [&str; 4] = ["arr", "parent", "paying", "segment"];

impl Attributes {
    /// Where accounts have parents, some names are blank and some stand twice.
    pub fn new(random: &mut Random, count: usize, parents: bool) -> Self {
        let mut names: Vec<String> = (0..count).map(|row| format!("c{row}")).collect();
        // A column holds one kind of values.
        let (texts, flags) = (random.below(3) == 0, random.below(2) == 0);
        let mut values = Vec::with_capacity(count);
        for name in &mut names {
            if parents {
                match random.below(60) {
                    0 => "c0".clone_into(name),
                    1 => name.clear(),
                    2 => "p1".clone_into(name),
                    _ => {}
                }
            }
            values.push([arr(random, texts), parent(random), paying(random, flags), segment(random)]);
        }
        Self { names, values }
    }

    /// The attributes of a row.
    pub fn of(&self, row: usize) -> impl Iterator<Item = (String, Value)> {
        let values = COLUMNS.iter().zip(&self.values[row]);
        values.filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?)))
    }

    /// The columns, with the names of the accounts.
    pub fn columns(&self, random: &mut Random) -> Vec<(String, ArrayRef)> {
        let mut columns =
            vec![("account".to_owned(), Arc::new(StringArray::from(self.names.clone())) as ArrayRef)];
        for (place, name) in COLUMNS.iter().enumerate() {
            let values: Vec<Option<Value>> = self.values.iter().map(|row| row[place].clone()).collect();
            columns.push(((*name).to_owned(), array(&values, random)));
        }
        columns
    }
}

fn arr(random: &mut Random, texts: bool) -> Option<Value> {
    let number = match random.below(12) {
        0 => return None,
        1 => -5.0,
        2 => 900.0,
        3 => 899.999_999,
        4 => 1e6,
        n => 150.0 * n as f64,
    };
    Some(match (texts, random.below(40)) {
        (true, 0) => Value::from("lots"),
        (true, 1) => Value::from(""),
        (true, 2) => Value::from(" 1000 "),
        (true, _) => Value::from(number.to_string().as_str()),
        (false, _) => Value::Number(number),
    })
}

fn parent(random: &mut Random) -> Option<Value> {
    match random.below(8) {
        0 => None,
        1 => Some(Value::from("")),
        2 if random.below(40) == 0 => Some(Value::from("c3")),
        n => Some(Value::from(format!("p{n}").as_str())),
    }
}

fn paying(random: &mut Random, flags: bool) -> Option<Value> {
    let texts = ["yes", "no", "true", "false", "maybe", ""];
    match (random.below(9), flags) {
        (0, _) => None,
        (n, true) => Some(Value::YesNo(n == 1)),
        (n, false) => Some(Value::from(texts[n as usize % texts.len()])),
    }
}

fn segment(random: &mut Random) -> Option<Value> {
    let texts = ["big", "small", "group", "7", "7.0", "Big"];
    match random.below(9) {
        0 => None,
        1 => Some(Value::from("")),
        n => Some(Value::from(texts[n as usize % texts.len()])),
    }
}

/// The values in a column of a type that holds them.
fn array(values: &[Option<Value>], random: &mut Random) -> ArrayRef {
    let text = |value: &Option<Value>| match value {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let number = |value: &Option<Value>| match value {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    };
    let flag = |value: &Option<Value>| match value {
        Some(Value::YesNo(flag)) => Some(*flag),
        _ => None,
    };
    if values.iter().any(|value| flag(value).is_some()) {
        return Arc::new(values.iter().map(flag).collect::<BooleanArray>());
    }
    if values.iter().any(|value| number(value).is_some()) {
        let whole = values.iter().filter_map(number).all(|number| number.fract() == 0.0);
        return if whole {
            Arc::new(values.iter().map(|value| number(value).map(|x| x as i64)).collect::<Int64Array>())
        } else {
            Arc::new(values.iter().map(number).collect::<Float64Array>())
        };
    }
    match random.below(4) {
        0 => Arc::new(values.iter().map(text).collect::<StringArray>()),
        1 => Arc::new(values.iter().map(text).collect::<LargeStringArray>()),
        2 => Arc::new(values.iter().map(text).collect::<StringViewArray>()),
        _ => {
            let mut builder = StringDictionaryBuilder::<Int16Type>::new();
            for value in values {
                builder.append_option(text(value));
            }
            Arc::new(builder.finish())
        }
    }
}
