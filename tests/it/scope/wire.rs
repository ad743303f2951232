//! Prometheus' remote write 1.0: protobuf in snappy's block format, as far as tests need it.

/// One series with what happened to it; labels sorted by name, times in milliseconds ascending.
#[derive(Debug, Clone, Default)]
pub struct Series {
    pub labels: Vec<(String, String)>,
    pub samples: Vec<(i64, f64)>,
    pub histograms: Vec<(i64, Histogram)>,
    pub exemplars: Vec<Exemplar>,
}

/// A native histogram of schema 0 without a zero bucket: bucket n holds 2^(n-1) to 2^n.
#[derive(Debug, Clone, Default)]
pub struct Histogram {
    pub sum: f64,
    /// Observations by bucket, from `first` on.
    pub buckets: Vec<u64>,
    pub first: i32,
}

#[derive(Debug, Clone)]
pub struct Exemplar {
    pub trace: String,
    pub at: i64,
    pub value: f64,
}

/// The body of a write request.
pub fn request(series: &[Series]) -> Vec<u8> {
    let mut body = Message::default();
    for series in series {
        body.message(1, &time_series(series));
    }
    snappy(&body.0)
}

fn time_series(series: &Series) -> Message {
    let mut out = Message::default();
    for (name, value) in &series.labels {
        out.message(1, &label(name, value));
    }
    for (at, value) in &series.samples {
        let mut sample = Message::default();
        sample.double(1, *value);
        sample.int(2, *at);
        out.message(2, &sample);
    }
    for exemplar in &series.exemplars {
        let mut message = Message::default();
        message.message(1, &label("trace_id", &exemplar.trace));
        message.double(2, exemplar.value);
        message.int(3, exemplar.at);
        out.message(3, &message);
    }
    for (at, histogram) in &series.histograms {
        out.message(4, &native(*at, histogram));
    }
    out
}

fn label(name: &str, value: &str) -> Message {
    let mut out = Message::default();
    out.bytes(1, name.as_bytes());
    out.bytes(2, value.as_bytes());
    out
}

fn native(at: i64, histogram: &Histogram) -> Message {
    let mut out = Message::default();
    out.varint(1, histogram.buckets.iter().sum());
    out.double(3, histogram.sum);
    out.varint(4, 0);
    let mut span = Message::default();
    span.varint(1, zigzag(histogram.first.into()));
    span.varint(2, histogram.buckets.len() as u64);
    out.message(11, &span);
    let mut deltas = Message::default();
    let mut before = 0_i64;
    for count in &histogram.buckets {
        let count = i64::try_from(*count).unwrap();
        deltas.raw(zigzag(count - before));
        before = count;
    }
    out.message(12, &deltas);
    out.int(15, at);
    out
}

const fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

#[derive(Debug, Default)]
struct Message(Vec<u8>);

impl Message {
    fn raw(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
            number >>= 7;
        }
        self.0.push(u8::try_from(number).unwrap());
    }

    fn varint(&mut self, field: u64, number: u64) {
        self.raw(field << 3);
        self.raw(number);
    }

    fn int(&mut self, field: u64, number: i64) {
        self.varint(field, number.cast_unsigned());
    }

    fn double(&mut self, field: u64, number: f64) {
        self.raw(field << 3 | 1);
        self.0.extend(number.to_le_bytes());
    }

    fn bytes(&mut self, field: u64, bytes: &[u8]) {
        self.raw(field << 3 | 2);
        self.raw(bytes.len() as u64);
        self.0.extend(bytes);
    }

    fn message(&mut self, field: u64, message: &Self) {
        self.bytes(field, &message.0);
    }
}

/// Snappy without compression: literals only.
fn snappy(bytes: &[u8]) -> Vec<u8> {
    let mut out = Message::default();
    out.raw(bytes.len() as u64);
    for chunk in bytes.chunks(1 << 16) {
        let last = u16::try_from(chunk.len() - 1).unwrap();
        out.0.push(61 << 2);
        out.0.extend(last.to_le_bytes());
        out.0.extend(chunk);
    }
    out.0
}
