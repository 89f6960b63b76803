//! Random accounts, as cells and as an Arrow table of every type that can hold them.

use std::sync::Arc;

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float32Array, Float64Array, Int32Array, LargeStringArray,
    RecordBatch, StringArray, StringViewArray, UInt8Array,
};
use arrow_buffer::NullBuffer;
use value_model::answer::{Missing, Value};
use value_model::scale::{Cell, CompiledScale};
use value_model::scorecard::Scorer;
use value_model::{Date, Error};

use super::common::as_of;

/// splitmix64: small and fixed.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn unit(&mut self) -> f64 {
        self.below(1001) as f64 / 1000.0
    }
}

/// How a column holds its answers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Double,
    Single,
    Whole,
    Byte,
    Truth,
    Day,
    Text,
    LargeText,
    ViewText,
    Dictionary,
    Absent,
}

/// Random accounts: what each cell of the table must be read as.
pub struct Accounts {
    pub rows: Vec<Vec<Result<Cell, Error>>>,
    pub on: Vec<Option<Date>>,
    forms: Vec<Form>,
    values: Vec<Vec<Option<Value>>>,
}

impl Accounts {
    pub fn new(scorer: &Scorer, random: &mut Random, count: usize) -> Self {
        let measures = scorer.measures();
        let forms: Vec<Form> = measures.iter().map(|measure| form(&measure.scale, random)).collect();
        // A table must hold one measure at least.
        let forms: Vec<Form> = if forms.iter().all(|form| *form == Form::Absent) {
            measures.iter().map(|measure| Form::first(&measure.scale)).collect()
        } else {
            forms
        };
        let mut values: Vec<Vec<Option<Value>>> = measures.iter().map(|_| Vec::new()).collect();
        let mut rows = Vec::with_capacity(count);
        for _ in 0..count {
            let mut row = Vec::new();
            for (measure, compiled) in measures.iter().enumerate() {
                let value = value(&compiled.scale, forms[measure], random);
                row.push(match &value {
                    None => Ok(Cell::Missing(Missing::NoData)),
                    Some(Value::Text(text)) => scorer.read_text(measure, text),
                    Some(value) => match value {
                        Value::Number(x) if !x.is_finite() => {
                            Err(Error::NotFinite { field: "".into(), value: *x })
                        }
                        value => scorer.read(measure, value),
                    },
                });
                values[measure].push(value);
            }
            rows.push(row);
        }
        let on = (0..count).map(|_| day(random)).collect();
        Self { rows, on, forms, values }
    }

    /// The same accounts as a table, sliced so that it starts inside of a byte of every bitmap.
    pub fn batch(&self, scorer: &Scorer, random: &mut Random) -> RecordBatch {
        let pad = random.below(70) as usize;
        let mut columns: Vec<(String, ArrayRef)> = Vec::new();
        for ((measure, form), values) in scorer.measures().iter().zip(&self.forms).zip(&self.values) {
            if *form != Form::Absent {
                let mut padded = vec![None; pad];
                padded.extend(values.iter().cloned());
                columns.push((measure.id.to_string(), form.array(&padded, random)));
            }
        }
        let days = (0..pad).map(|_| None).chain(self.on.iter().map(|on| on.map(Date::days)));
        columns.push(("on".into(), Arc::new(days.collect::<Date32Array>())));
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, array)| (name, array, true)),
        );
        batch.unwrap().slice(pad, self.rows.len())
    }
}

fn day(random: &mut Random) -> Option<Date> {
    match random.below(50) {
        0 => as_of().plus_days(3),
        n if n % 3 == 0 => None,
        n => as_of().plus_days(-(n as i32 * 9)),
    }
}

fn form(scale: &CompiledScale, random: &mut Random) -> Form {
    if random.below(12) == 0 {
        return Form::Absent;
    }
    let forms: &[Form] = match Form::first(scale) {
        Form::Text => &[Form::Text, Form::LargeText, Form::ViewText, Form::Dictionary],
        Form::Day => &[Form::Day, Form::Text],
        _ if scale.allowed() == "yes or no" => &[Form::Truth, Form::Double, Form::Byte, Form::Text],
        _ => &[Form::Double, Form::Double, Form::Double, Form::Single, Form::Whole, Form::Byte],
    };
    forms[random.below(forms.len() as u64) as usize]
}

impl Form {
    fn first(scale: &CompiledScale) -> Self {
        let allowed = scale.allowed();
        if allowed.starts_with("one of") {
            Self::Text
        } else if allowed.starts_with("a date") {
            Self::Day
        } else {
            Self::Double
        }
    }

    fn array(self, values: &[Option<Value>], random: &mut Random) -> ArrayRef {
        let number = |value: &Option<Value>| match value {
            Some(Value::Number(x)) => Some(*x),
            Some(Value::YesNo(yes)) => Some(f64::from(u8::from(*yes))),
            _ => None,
        };
        let text = |value: &Option<Value>| match value {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        match self {
            Self::Double => {
                // What stands under a null is garbage.
                let nulls: NullBuffer = values.iter().map(Option::is_some).collect();
                let garbage = [f64::NAN, f64::INFINITY, -1e300, 0.5];
                let numbers =
                    values.iter().map(|value| number(value).unwrap_or(garbage[random.below(4) as usize]));
                Arc::new(Float64Array::new(numbers.collect(), Some(nulls)))
            }
            Self::Single => {
                Arc::new(Float32Array::from_iter(values.iter().map(|value| number(value).map(|x| x as f32))))
            }
            Self::Whole => {
                Arc::new(Int32Array::from_iter(values.iter().map(|v| number(v).map(|x| x as i32))))
            }
            Self::Byte => Arc::new(UInt8Array::from_iter(values.iter().map(|v| number(v).map(|x| x as u8)))),
            Self::Truth => Arc::new(BooleanArray::from_iter(values.iter().map(|value| match value {
                Some(Value::YesNo(yes)) => Some(*yes),
                _ => None,
            }))),
            Self::Day => Arc::new(Date32Array::from_iter(
                values.iter().map(|value| text(value).and_then(|text| Date::parse(&text)).map(Date::days)),
            )),
            Self::Text => Arc::new(values.iter().map(text).collect::<StringArray>()),
            Self::LargeText => Arc::new(values.iter().map(text).collect::<LargeStringArray>()),
            Self::ViewText => Arc::new(values.iter().map(text).collect::<StringViewArray>()),
            Self::Dictionary => {
                let mut builder = StringDictionaryBuilder::<Int32Type>::new();
                for value in values {
                    builder.append_option(text(value));
                }
                Arc::new(builder.finish())
            }
            Self::Absent => Arc::new(StringArray::new_null(values.len())),
        }
    }
}

/// A random value of the form: mostly an answer, sometimes missing, rarely nonsense.
fn value(scale: &CompiledScale, form: Form, random: &mut Random) -> Option<Value> {
    if form == Form::Absent || random.below(8) == 0 {
        return None;
    }
    let odd = random.below(150) == 0;
    let allowed = scale.allowed();
    let text = |random: &mut Random| {
        let levels: Vec<String> = scale.levels().map(|(name, _)| name.to_owned()).collect();
        if odd { "nonsense".to_owned() } else { levels[random.below(levels.len() as u64) as usize].clone() }
    };
    Some(match form {
        Form::Text if allowed.starts_with("a date") => {
            Value::Text(if odd { "2026-13-01".to_owned() } else { past(random).to_string() })
        }
        Form::Text if allowed == "yes or no" => {
            Value::from(["yes", "no", "TRUE", "1"][random.below(4) as usize])
        }
        Form::Text | Form::LargeText | Form::ViewText | Form::Dictionary => Value::Text(text(random)),
        Form::Day => {
            Value::Text((if odd { as_of().plus_days(9).unwrap() } else { past(random) }).to_string())
        }
        Form::Truth => Value::YesNo(random.below(2) == 0),
        Form::Whole => Value::Number(if odd { -3.0 } else { random.below(6) as f64 }),
        Form::Byte => Value::Number(if odd { 250.0 } else { random.below(2) as f64 }),
        Form::Double | Form::Single | Form::Absent => {
            let number = ordinary(&allowed, odd, random);
            // What the column holds is what is meant.
            Value::Number(if form == Form::Single { f64::from(number as f32) } else { number })
        }
    })
}

fn past(random: &mut Random) -> Date {
    as_of().plus_days(-(random.below(400) as i32)).unwrap()
}

fn ordinary(allowed: &str, odd: bool, random: &mut Random) -> f64 {
    if odd {
        let odds =
            [-0.0, -1e-300, 1.000_000_1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 100.000_1, 3.5, 1e308];
        return odds[random.below(odds.len() as u64) as usize];
    }
    match allowed {
        "yes or no" => random.below(2) as f64,
        "a number from 0 to 1" => random.unit(),
        "a number from 0 to 100" => 100.0 * random.unit(),
        text if text.starts_with("a whole number from 1") => 1.0 + random.below(5) as f64,
        text if text.starts_with("a whole number") => random.below(11) as f64,
        _ => 140.0 * random.unit() - 10.0,
    }
}
