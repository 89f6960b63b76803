//! Results as values of Python: dictionaries, lists, texts, numbers, `None`.

use std::fmt;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyList, PyString};
use pyo3::{IntoPyObjectExt, PyErr};
use serde::ser::{self, Serialize, Serializer};

use super::refuse::refused;

/// Any result as a value of Python.
pub(crate) fn python<'py>(py: Python<'py>, value: &(impl Serialize + ?Sized)) -> PyResult<Bound<'py, PyAny>> {
    value.serialize(Writer { py }).map_err(|Failed(error)| error)
}

/// What serde wants of an error.
#[derive(Debug)]
pub(super) struct Failed(PyErr);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Failed {}

impl ser::Error for Failed {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(refused("", message.to_string()))
    }
}

impl From<PyErr> for Failed {
    fn from(error: PyErr) -> Self {
        Self(error)
    }
}

/// Writes one value.
#[derive(Clone, Copy)]
struct Writer<'py> {
    py: Python<'py>,
}

type Out<'py> = Result<Bound<'py, PyAny>, Failed>;

impl<'py> Writer<'py> {
    fn number<T: IntoPyObjectExt<'py>>(self, value: T) -> Out<'py> {
        Ok(value.into_bound_py_any(self.py)?)
    }

    /// `{"name": content}`.
    fn tagged(self, name: &'static str, content: Bound<'py, PyAny>) -> Out<'py> {
        let fields = PyDict::new(self.py);
        fields.set_item(PyString::intern(self.py, name), content)?;
        Ok(fields.into_any())
    }
}

macro_rules! numbers {
    ($($method:ident $type:ty;)+) => {
        $(fn $method(self, value: $type) -> Out<'py> {
            self.number(value)
        })+
    };
}

impl<'py> Serializer for Writer<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failed;
    type SerializeSeq = List<'py>;
    type SerializeTuple = List<'py>;
    type SerializeTupleStruct = List<'py>;
    type SerializeTupleVariant = List<'py>;
    type SerializeMap = Fields<'py>;
    type SerializeStruct = Fields<'py>;
    type SerializeStructVariant = Fields<'py>;

    numbers! {
        serialize_i8 i8; serialize_i16 i16; serialize_i32 i32; serialize_i64 i64; serialize_i128 i128;
        serialize_u8 u8; serialize_u16 u16; serialize_u32 u32; serialize_u64 u64; serialize_u128 u128;
    }

    fn serialize_bool(self, flag: bool) -> Out<'py> {
        Ok(PyBool::new(self.py, flag).to_owned().into_any())
    }
    fn serialize_f32(self, value: f32) -> Out<'py> {
        self.serialize_f64(value.into())
    }
    fn serialize_f64(self, value: f64) -> Out<'py> {
        Ok(PyFloat::new(self.py, value).into_any())
    }
    fn serialize_char(self, value: char) -> Out<'py> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, text: &str) -> Out<'py> {
        Ok(PyString::new(self.py, text).into_any())
    }
    fn serialize_bytes(self, bytes: &[u8]) -> Out<'py> {
        Ok(pyo3::types::PyBytes::new(self.py, bytes).into_any())
    }
    fn serialize_none(self) -> Out<'py> {
        Ok(self.py.None().into_bound(self.py))
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Out<'py> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Out<'py> {
        self.serialize_none()
    }
    fn serialize_unit_struct(self, _: &'static str) -> Out<'py> {
        self.serialize_none()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Out<'py> {
        Ok(PyString::intern(self.py, variant).into_any())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Out<'py> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Out<'py> {
        self.tagged(variant, value.serialize(self)?)
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<List<'py>, Failed> {
        Ok(List { writer: self, entries: Vec::with_capacity(length.unwrap_or_default()), tag: None })
    }
    fn serialize_tuple(self, length: usize) -> Result<List<'py>, Failed> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<List<'py>, Failed> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<List<'py>, Failed> {
        Ok(List { tag: Some(variant), ..self.serialize_seq(Some(length))? })
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Fields<'py>, Failed> {
        Ok(Fields { writer: self, written: PyDict::new(self.py), key: None, tag: None })
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'py>, Failed> {
        self.serialize_map(None)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Fields<'py>, Failed> {
        Ok(Fields { tag: Some(variant), ..self.serialize_map(None)? })
    }
}

/// A list being written.
pub(super) struct List<'py> {
    writer: Writer<'py>,
    entries: Vec<Bound<'py, PyAny>>,
    tag: Option<&'static str>,
}

impl<'py> List<'py> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        self.entries.push(value.serialize(self.writer)?);
        Ok(())
    }

    fn close(self) -> Out<'py> {
        let list = PyList::new(self.writer.py, self.entries)?.into_any();
        self.tag.map_or(Ok(list.clone()), |tag| self.writer.tagged(tag, list))
    }
}

/// A dictionary being written.
pub(super) struct Fields<'py> {
    writer: Writer<'py>,
    written: Bound<'py, PyDict>,
    key: Option<Bound<'py, PyAny>>,
    tag: Option<&'static str>,
}

impl<'py> Fields<'py> {
    fn set<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Failed> {
        // Names of fields are few and come again with every result.
        let name = PyString::intern(self.writer.py, name);
        Ok(self.written.set_item(name, value.serialize(self.writer)?)?)
    }

    fn close(self) -> Out<'py> {
        let fields = self.written.into_any();
        self.tag.map_or(Ok(fields.clone()), |tag| self.writer.tagged(tag, fields))
    }
}

macro_rules! lists {
    ($($trait:ident $method:ident;)+) => {
        $(impl<'py> ser::$trait for List<'py> {
            type Ok = Bound<'py, PyAny>;
            type Error = Failed;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
                self.push(value)
            }
            fn end(self) -> Out<'py> {
                self.close()
            }
        })+
    };
}

lists! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

macro_rules! structs {
    ($($trait:ident)+) => {
        $(impl<'py> ser::$trait for Fields<'py> {
            type Ok = Bound<'py, PyAny>;
            type Error = Failed;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Failed> {
                self.set(name, value)
            }
            fn end(self) -> Out<'py> {
                self.close()
            }
        })+
    };
}

structs! { SerializeStruct SerializeStructVariant }

impl<'py> ser::SerializeMap for Fields<'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failed;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Failed> {
        self.key = Some(key.serialize(self.writer)?);
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failed> {
        let value = value.serialize(self.writer)?;
        match self.key.take() {
            Some(key) => Ok(self.written.set_item(key, value)?),
            None => Ok(()),
        }
    }
    fn end(self) -> Out<'py> {
        self.close()
    }
}
