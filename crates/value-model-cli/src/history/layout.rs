//! The columns of a history.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, Date32Builder, Float64Builder, ListBuilder, StringBuilder, StructBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use value_model::scorecard::{Assessment, ContributionKind};

use super::{FORMAT, KEY};
use crate::message::Failure;

/// Texts that every row has, then those that it may lack.
const TEXTS: [&str; 7] = ["account", "model", "version", "outcome", "lower_band", "band", "case"];
/// How many of those every row has.
const ALWAYS: usize = 5;
/// Numbers that every row has, then those that it may lack.
const NUMBERS: [&str; 8] =
    ["lower", "upper", "coverage", "validated_share", "fresh_share", "score", "raw", "override_score"];
const ALWAYS_NUMBERS: usize = 5;
/// The documents from which a row can be computed again.
const DOCUMENTS: [&str; 2] = ["record", "model_document"];

fn group_fields() -> Fields {
    let number = |name: &str| Field::new(name, DataType::Float64, true);
    let mut fields = vec![Field::new("id", DataType::Utf8, false)];
    fields.extend(["score", "lower", "upper", "coverage"].map(number));
    fields.into()
}

fn part_fields() -> Fields {
    vec![
        Field::new("id", DataType::Utf8, false),
        Field::new("kind", DataType::Utf8, false),
        Field::new("points", DataType::Float64, false),
    ]
    .into()
}

fn list(fields: Fields) -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Struct(fields), false)))
}

/// Names and types of all columns.
pub(super) fn schema() -> SchemaRef {
    let mut fields = Vec::new();
    for (place, name) in TEXTS.iter().enumerate() {
        fields.push(Field::new(*name, DataType::Utf8, place >= ALWAYS));
    }
    fields.insert(1, Field::new("as_of", DataType::Date32, false));
    for (place, name) in NUMBERS.iter().enumerate() {
        fields.push(Field::new(*name, DataType::Float64, place >= ALWAYS_NUMBERS));
    }
    fields.push(Field::new("override_expires_on", DataType::Date32, true));
    fields.push(Field::new("groups", list(group_fields()), false));
    fields.push(Field::new("contributions", list(part_fields()), false));
    fields.extend(DOCUMENTS.map(|name| Field::new(name, DataType::Utf8, false)));
    let about = HashMap::from([(KEY.to_owned(), FORMAT.to_owned())]);
    Arc::new(Schema::new_with_metadata(fields, about))
}

/// Rows being gathered.
pub(super) struct Rows {
    texts: [StringBuilder; 7],
    as_of: Date32Builder,
    numbers: [Float64Builder; 8],
    expires: Date32Builder,
    groups: ListBuilder<StructBuilder>,
    parts: ListBuilder<StructBuilder>,
    documents: [StringBuilder; 2],
}

impl Rows {
    pub(super) fn new() -> Self {
        let lists = |fields: Fields| {
            let item = Field::new("item", DataType::Struct(fields.clone()), false);
            ListBuilder::new(StructBuilder::from_fields(fields, 0)).with_field(item)
        };
        Self {
            texts: std::array::from_fn(|_| StringBuilder::new()),
            as_of: Date32Builder::new(),
            numbers: std::array::from_fn(|_| Float64Builder::new()),
            expires: Date32Builder::new(),
            groups: lists(group_fields()),
            parts: lists(part_fields()),
            documents: std::array::from_fn(|_| StringBuilder::new()),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.as_of.len()
    }

    /// Adds an assessment with its case, and the documents that gave it: the record and the model.
    pub(super) fn push(&mut self, found: &Assessment, case: Option<&str>, documents: [&str; 2]) {
        let band = found.band.as_deref();
        let texts = [
            Some(found.account.as_str()),
            Some(&*found.model),
            Some(&*found.version),
            Some(found.outcome.name()),
            Some(&*found.lower_band),
            band,
            case,
        ];
        for (built, text) in self.texts.iter_mut().zip(texts) {
            built.append_option(text);
        }
        self.as_of.append_value(found.as_of.days());
        let always =
            [found.lower, found.upper, found.coverage, found.validated_share, found.fresh_share].map(Some);
        let judged = found.override_.as_ref().filter(|judged| judged.active);
        let numbers = always.into_iter().chain([found.score, found.raw, judged.map(|judged| judged.score)]);
        for (built, number) in self.numbers.iter_mut().zip(numbers) {
            built.append_option(number);
        }
        self.expires.append_option(judged.map(|judged| judged.expires_on.days()));
        for group in &found.groups {
            let item = self.groups.values();
            text(item, 0, &group.id);
            for (place, value) in [group.score, Some(group.lower), Some(group.upper), Some(group.coverage)]
                .into_iter()
                .enumerate()
            {
                number(item, place + 1, value);
            }
            item.append(true);
        }
        self.groups.append(true);
        for part in &found.contributions {
            let item = self.parts.values();
            text(item, 0, &part.id);
            text(item, 1, kind(part.kind));
            number(item, 2, Some(part.points));
            item.append(true);
        }
        self.parts.append(true);
        for (built, document) in self.documents.iter_mut().zip(documents) {
            built.append_value(document);
        }
    }

    /// The rows gathered so far; none are left.
    pub(super) fn take(&mut self, schema: &SchemaRef) -> Result<RecordBatch, Failure> {
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for (place, built) in self.texts.iter_mut().enumerate() {
            arrays.push(Arc::new(built.finish()));
            if place == 0 {
                arrays.push(Arc::new(self.as_of.finish()));
            }
        }
        arrays.extend(self.numbers.iter_mut().map(|built| -> ArrayRef { Arc::new(built.finish()) }));
        arrays.push(Arc::new(self.expires.finish()));
        arrays.push(Arc::new(self.groups.finish()));
        arrays.push(Arc::new(self.parts.finish()));
        arrays.extend(self.documents.iter_mut().map(|built| -> ArrayRef { Arc::new(built.finish()) }));
        RecordBatch::try_new(Arc::clone(schema), arrays)
            .map_err(|error| Failure::new("invalid_input", error.to_string()))
    }
}

fn text(item: &mut StructBuilder, place: usize, text: &str) {
    if let Some(built) = item.field_builder::<StringBuilder>(place) {
        built.append_value(text);
    }
}

fn number(item: &mut StructBuilder, place: usize, number: Option<f64>) {
    if let Some(built) = item.field_builder::<Float64Builder>(place) {
        built.append_option(number);
    }
}

const fn kind(kind: ContributionKind) -> &'static str {
    match kind {
        ContributionKind::Measure => "measure",
        ContributionKind::Group => "group",
        ContributionKind::Rule => "rule",
        ContributionKind::Override => "override",
    }
}
