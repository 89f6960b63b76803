//! One key column: the number of each row's value, whatever type it comes in.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, downcast_integer_array};
use arrow_schema::DataType;
use value_model::Error;
use value_model::answer::Value;

use super::texts::Texts;
use crate::read;
use crate::tables::{is_text, text};

/// Whole numbers below this find their key in a list.
const SMALL: usize = 1 << 16;
const UNKNOWN: u32 = u32::MAX;

/// The distinct values of one column, and the ways to find them again without hashing.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyColumn {
    texts: Texts,
    /// The numbers of the values of the last dictionary, whose memory is kept so that no other can take its place.
    dictionary: Option<(ArrayRef, Vec<u32>)>,
    /// The numbers of small whole numbers.
    small: Vec<u32>,
}

impl KeyColumn {
    /// No values yet, and not more than this many.
    pub(crate) fn with_limit(limit: usize) -> Self {
        Self { texts: Texts::with_limit(limit), ..Self::default() }
    }

    /// Whether a column of this type can be a key.
    pub(crate) fn takes(kind: &DataType) -> bool {
        let plain = matches!(kind, DataType::Boolean | DataType::Date32 | DataType::Date64 | DataType::Null);
        plain
            || is_text(kind)
            || kind.is_integer()
            || matches!(kind, DataType::Float16 | DataType::Float32 | DataType::Float64)
    }

    pub(crate) const fn len(&self) -> usize {
        self.texts.len()
    }

    pub(crate) fn text(&self, number: usize) -> Option<String> {
        self.texts.get(number).map(str::to_owned)
    }

    /// The number here of each value of another column.
    pub(crate) fn join(&mut self, other: &Self) -> Result<Vec<u32>, Error> {
        (0..other.len())
            .map(|number| other.texts.get(number).map_or(Ok(0), |text| self.texts.number(text)))
            .collect()
    }

    /// The number of the value in each row; 0 for null.
    pub(crate) fn number(&mut self, array: &ArrayRef, out: &mut Vec<u32>) -> Result<(), Error> {
        // Whole numbers overwrite what is there.
        if !array.data_type().is_integer() {
            out.clear();
            out.reserve(array.len());
        }
        match array.data_type() {
            DataType::Dictionary(..) => self.by_dictionary(array, out),
            DataType::Utf8 => self.by_text(array.as_string::<i32>(), out),
            DataType::LargeUtf8 => self.by_text(array.as_string::<i64>(), out),
            DataType::Utf8View => self.by_text(array.as_string_view(), out),
            DataType::Int8 => self.by_whole::<Int8Type>(array, out),
            DataType::Int16 => self.by_whole::<Int16Type>(array, out),
            DataType::Int32 => self.by_whole::<Int32Type>(array, out),
            DataType::Int64 => self.by_whole::<Int64Type>(array, out),
            DataType::UInt8 => self.by_whole::<UInt8Type>(array, out),
            DataType::UInt16 => self.by_whole::<UInt16Type>(array, out),
            DataType::UInt32 => self.by_whole::<UInt32Type>(array, out),
            DataType::UInt64 => self.by_whole::<UInt64Type>(array, out),
            _ => self.by_value(array, out),
        }
    }

    /// Each value of the dictionary is looked up once, and each dictionary only when it is new.
    fn by_dictionary(&mut self, array: &ArrayRef, out: &mut Vec<u32>) -> Result<(), Error> {
        let Some(dictionary) = array.as_any_dictionary_opt() else { return Ok(()) };
        let values = dictionary.values();
        if !self.dictionary.as_ref().is_some_and(|(known, _)| Arc::ptr_eq(known, values)) {
            let mut numbers = Vec::new();
            match values.data_type() {
                DataType::Utf8 => self.by_text(values.as_string::<i32>(), &mut numbers)?,
                DataType::LargeUtf8 => self.by_text(values.as_string::<i64>(), &mut numbers)?,
                _ => self.by_text(values.as_string_view(), &mut numbers)?,
            }
            self.dictionary = Some((Arc::clone(values), numbers));
        }
        let numbers = self.dictionary.as_ref().map_or(&[][..], |(_, numbers)| numbers);
        match dictionary.keys().data_type() {
            DataType::Int8 => by_code::<Int8Type>(array, numbers, out),
            DataType::Int16 => by_code::<Int16Type>(array, numbers, out),
            DataType::Int32 => by_code::<Int32Type>(array, numbers, out),
            DataType::Int64 => by_code::<Int64Type>(array, numbers, out),
            DataType::UInt8 => by_code::<UInt8Type>(array, numbers, out),
            DataType::UInt16 => by_code::<UInt16Type>(array, numbers, out),
            DataType::UInt32 => by_code::<UInt32Type>(array, numbers, out),
            _ => by_code::<UInt64Type>(array, numbers, out),
        }
        Ok(())
    }

    fn by_text<'a, A>(&mut self, texts: A, out: &mut Vec<u32>) -> Result<(), Error>
    where
        A: IntoIterator<Item = Option<&'a str>>,
    {
        let mut last = ("", UNKNOWN);
        for text in texts {
            let number = match text {
                None => 0,
                Some(text) if text == last.0 && last.1 != UNKNOWN => last.1,
                Some(text) => {
                    last = (text, self.texts.number(text)?);
                    last.1
                }
            };
            out.push(number);
        }
        Ok(())
    }

    fn by_whole<T: ArrowPrimitiveType>(&mut self, array: &ArrayRef, out: &mut Vec<u32>) -> Result<(), Error>
    where
        T::Native: std::fmt::Display,
        usize: TryFrom<T::Native>,
    {
        let numbers = array.as_primitive::<T>();
        let place = |value: T::Native| usize::try_from(value).unwrap_or(usize::MAX);
        let known = self.small.as_slice();
        let small = |value: &T::Native| known.get(place(*value)).copied().unwrap_or(UNKNOWN);
        if numbers.null_count() == 0 {
            // Most of the time all are known: one loop with nothing to decide.
            out.resize(array.len(), 0);
            let mut largest = 0;
            for (place, value) in out.iter_mut().zip(numbers.values()) {
                *place = small(value);
                largest = largest.max(*place);
            }
            if largest != UNKNOWN {
                return Ok(());
            }
        }
        out.clear();
        for (row, value) in numbers.values().iter().enumerate() {
            if numbers.is_null(row) {
                out.push(0);
                continue;
            }
            let place = place(*value);
            let known = self.small.get(place).copied().unwrap_or(UNKNOWN);
            out.push(if known == UNKNOWN { self.whole(place, &value.to_string())? } else { known });
        }
        Ok(())
    }

    /// A whole number that is not in the list of small ones, yet or at all.
    #[cold]
    fn whole(&mut self, place: usize, text: &str) -> Result<u32, Error> {
        let number = self.texts.number(text)?;
        if place < SMALL {
            if place >= self.small.len() {
                self.small.resize((place + 1).next_power_of_two(), UNKNOWN);
            }
            if let Some(slot) = self.small.get_mut(place) {
                *slot = number;
            }
        }
        Ok(number)
    }

    /// Numbers with fractions, yes and no, and dates: as the text that an attribute of this value has.
    fn by_value(&mut self, array: &ArrayRef, out: &mut Vec<u32>) -> Result<(), Error> {
        for row in 0..array.len() {
            out.push(key_text(array, row)?.map_or(Ok(0), |text| self.texts.number(&text))?);
        }
        Ok(())
    }
}

/// The number of the dictionary's value in each row.
fn by_code<K: ArrowDictionaryKeyType>(array: &ArrayRef, numbers: &[u32], out: &mut Vec<u32>)
where
    usize: TryFrom<K::Native>,
{
    let codes = array.as_dictionary::<K>().keys();
    let number = |code: K::Native| usize::try_from(code).ok().and_then(|code| numbers.get(code)).copied();
    if codes.null_count() == 0 {
        out.extend(codes.values().iter().map(|code| number(*code).unwrap_or(0)));
    } else {
        out.extend(codes.iter().map(|code| code.and_then(number).unwrap_or(0)));
    }
}

/// One key as the text that an attribute of this value has; none for null.
pub(crate) fn key_text(array: &ArrayRef, row: usize) -> Result<Option<Cow<'_, str>>, Error> {
    if array.is_null(row) || matches!(array.data_type(), DataType::Null) {
        return Ok(None);
    }
    if let Some(text) = text(array, row) {
        return Ok(Some(text.into()));
    }
    if let Some(days) = read::days(array, row) {
        return Ok(Some(read::date(days).map_err(|error| error.at("keys"))?.to_string().into()));
    }
    if let Some(flags) = array.as_boolean_opt() {
        return Ok(Some(Value::YesNo(flags.value(row)).to_string().into()));
    }
    if array.data_type().is_integer() {
        let values: &dyn Array = array.as_ref();
        let text = downcast_integer_array!(values => values.value(row).to_string(), _ => String::new());
        return Ok(Some(text.into()));
    }
    let number = crate::tables::numbers(&array.slice(row, 1))?.first().copied();
    Ok(number.map(|number| Value::Number(number).to_string().into()))
}
