// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// Reads documents out of bytes that come piece by piece, as from a pipe.
///
/// A line of UTF-8 is read as soon as it is there. The encoding is decided once for all of the input,
/// by its byte order mark or its first lines that are not ASCII; any other than UTF-8 needs all of the
/// input for that, as `DocumentReader` needs all of a file, and so does a format of no lines.
package struct DocumentStream {
    private enum Mode {
        /// ASCII so far, or what may be more than one encoding.
        case undecided
        /// Lines of UTF-8.
        case lines
        /// All of the input is needed.
        case whole
        /// The input is over its limit: nothing more is read.
        case over
    }

    private let reader: DocumentReader
    private let kind: DocumentKind
    private let fileName: String?
    private var limits: IntakeLimits { reader.limits }
    /// nil until the first characters show it.
    private var format: DocumentFormat?
    private var mode = Mode.undecided
    /// Whole lines that are not given yet, because their encoding is not decided.
    private var held: [[UInt8]] = []
    /// What comes after the last line feed, or all where all is needed.
    private var tail: [UInt8] = []
    /// How much of `tail` is known to hold no line feed.
    private var searched = 0
    /// Lines and bytes before `held` and `tail`.
    private var (linesBefore, bytesBefore) = (0, 0)
    /// Whether any line gave a document or a fault.
    private var hasGiven = false

    /// A stream of a file's name, which tells the format, or without one: then input that begins with
    /// `{` is JSON lines, and any other is one text.
    package init(
        reader: DocumentReader = DocumentReader(), fileName: String? = nil, kind: DocumentKind
    ) {
        self.reader = reader
        self.kind = kind
        self.fileName = fileName
        format = fileName.map { DocumentFormat(fileName: $0) }
    }

    /// Takes the next bytes; gives the documents that are whole with them.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [ReadDocument] {
        guard mode != .over else { return [] }
        tail.append(contentsOf: bytes)
        if format == nil, tail.count >= 4 { format = StreamStart(tail).format }
        guard let format else { return [] }
        let isStart = bytesBefore == 0 && held.isEmpty
        if isStart, !format.isLineByLine || StreamStart(tail).isUTF16 { mode = .whole }
        let documents = mode == .whole ? [] : takeLines()
        hasGiven = hasGiven || !documents.isEmpty
        guard let fault = faultOfSize else { return documents }
        (mode, held, tail) = (.over, [], [])
        return documents + [fault]
    }

    /// The documents that only the end of the input makes whole.
    package mutating func finish() -> [ReadDocument] {
        defer { (mode, held, tail) = (.over, [], []) }
        let documents: [ReadDocument]
        switch mode {
        case .over: return []
        case .lines:
            let rest = Padding(of: tail).content
            documents = rest.isEmpty ? [] : read(rest)
        case .undecided, .whole: documents = readRest()
        }
        guard documents.isEmpty, !hasGiven else { return documents }
        return [ReadDocument(line: nil, result: .failure(.emptyFile), object: nil)]
    }

    // MARK: Lines

    private mutating func takeLines() -> [ReadDocument] {
        var documents: [ReadDocument] = []
        var start = 0
        while mode != .whole, let end = tail[max(start, searched)...].firstIndex(of: 0x0A) {
            held.append(Array(tail[start..<end]))
            (start, searched) = (end + 1, end + 1)
            documents += giveHeld()
        }
        tail.removeFirst(start)
        searched = tail.count
        if mode == .whole {
            tail = Array(held.joined(separator: [0x0A])) + [0x0A] + tail
            held = []
        }
        return documents
    }

    /// The documents of the lines that are held, if their encoding is known.
    private mutating func giveHeld() -> [ReadDocument] {
        var isPlain = false
        if mode == .undecided, let line = held.last {
            switch LineEvidence(of: line) {
            case _ where linesBefore == 0 && TextSignature.isResource(line): mode = .whole
            case .ascii: isPlain = held.count == 1
            case .utf8: mode = .lines
            case .anyOf: break
            case .another: mode = .whole
            }
        }
        guard mode == .lines || isPlain else { return [] }
        var documents: [ReadDocument] = []
        for line in held {
            documents += read(line)
            linesBefore += 1
            bytesBefore += line.count + 1
        }
        held = []
        return documents
    }

    /// The document of a line of UTF-8; none for a line of white space.
    private func read(_ line: [UInt8]) -> [ReadDocument] {
        let padding = bytesBefore == 0 ? line.prefix { $0 == 0 }.count : 0
        let line = padding == 0 ? line : Array(line.dropFirst(padding))
        let hasMark = bytesBefore == 0 && line.starts(with: StreamStart.markOfUTF8)
        let bytes = hasMark ? Array(line.dropFirst(StreamStart.markOfUTF8.count)) : line
        let before = bytesBefore + padding + line.count - bytes.count
        let fault: IntakeError? =
            if let place = bytes.firstIndex(of: 0) {
                .nulBytes(
                    count: bytes.count { $0 == 0 }, line: linesBefore + 1,
                    byteOffset: before + place)
            } else {
                UTF8Scan(bytes).firstFault.map {
                    .undecodable(encoding: .utf8, byteOffset: before + $0)
                }
            }
        if let fault {
            return [ReadDocument(line: linesBefore + 1, result: .failure(fault), object: nil)]
        }
        return documents(
            of: DecodedText(text: String(decoding: bytes, as: UTF8.self), encoding: .utf8))
    }

    // MARK: All of it

    private func readRest() -> [ReadDocument] {
        let all = held.reduce(into: []) { $0 += $1 + [0x0A] } + tail
        let bytes =
            BinarySignature.format(of: all) == nil
            ? Padding(of: all, isOfRecords: format == .jsonLines).content : all
        do throws(IntakeError) {
            let decoded: DecodedText
            if bytesBefore == 0 {
                switch try reader.structured(kind).content(of: bytes, fileName: fileName) {
                case .records(let entries):
                    return entries.map {
                        reader.applied(to: $0, fileName: fileName, kind: kind)
                    }
                case .text(let text): decoded = text
                }
            } else {
                decoded =
                    format == .jsonLines
                    ? try EncodingDetection.decodeLines(bytes).after(bytesBefore, linesBefore)
                    : try EncodingDetection.decode(bytes)
            }
            guard DocumentReader.hasContent(decoded.text) || !decoded.lineFaults.isEmpty else {
                return []
            }
            return documents(of: decoded)
        } catch {
            return [
                ReadDocument(
                    line: nil, result: .failure(error.after(bytesBefore, linesBefore)),
                    object: nil)
            ]
        }
    }

    private func format(of decoded: DecodedText) -> DocumentFormat {
        format ?? StreamStart(Array(decoded.text.utf8.prefix(64))).format ?? .text
    }

    private func documents(of decoded: DecodedText) -> [ReadDocument] {
        format(of: decoded)
            .documents(in: decoded, kind: kind, limits: limits, linesBefore: linesBefore)
            .map { reader.applied(to: $0, fileName: fileName, kind: kind) }
    }

    /// The fault of more bytes than may be kept.
    private var faultOfSize: ReadDocument? {
        if mode == .lines {
            guard tail.count > limits.maximumJSONLineBytes else { return nil }
            let error = IntakeError.lineTooLong(
                line: linesBefore + 1, bytes: tail.count, limit: limits.maximumJSONLineBytes)
            return ReadDocument(line: linesBefore + 1, result: .failure(error), object: nil)
        }
        let kept = held.reduce(tail.count) { $0 + $1.count + 1 }
        guard kept > limits.maximumBytes else { return nil }
        let error = IntakeError.fileTooLarge(
            bytes: bytesBefore + kept, limit: limits.maximumBytes)
        return ReadDocument(line: nil, result: .failure(error), object: nil)
    }
}

/// What the first bytes of input say.
private struct StreamStart {
    static let markOfUTF8: [UInt8] = [0xEF, 0xBB, 0xBF]

    let isUTF16: Bool
    /// The format of input without a name; nil while there is only white space.
    let format: DocumentFormat?

    init(_ bytes: [UInt8]) {
        let isLittleEndian = bytes.starts(with: [0xFF, 0xFE])
        isUTF16 = isLittleEndian || bytes.starts(with: [0xFE, 0xFF])
        let characters: [UInt16] =
            if isUTF16 {
                stride(from: 2, to: bytes.count - 1, by: 2).map { place in
                    let (low, high) = (
                        bytes[place + (isLittleEndian ? 0 : 1)],
                        bytes[place + (isLittleEndian ? 1 : 0)]
                    )
                    return UInt16(high) << 8 | UInt16(low)
                }
            } else {
                bytes.dropFirst(bytes.starts(with: Self.markOfUTF8) ? 3 : 0).map(UInt16.init)
            }
        format = characters.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            .map { $0 == 0x7B ? .jsonLines : .text }
    }
}

/// What one line says of the encoding of the input that it stands in.
private enum LineEvidence {
    /// The same in every encoding that has no byte order mark.
    case ascii
    /// UTF-8, perhaps with a few damaged bytes.
    case utf8
    /// Possible in UTF-8 and in others: half-width katakana of CP932 look like letters with accents.
    case anyOf
    case another

    init(of line: [UInt8]) {
        let scan = UTF8Scan(line)
        self =
            if line.contains(0x1B) {
                .another
            } else if scan.highBytes == 0 {
                .ascii
            } else if scan.firstFault != nil {
                scan.looksDamaged && scan.validBytes > 0 ? .utf8 : .another
            } else {
                scan.validBytes > 0 ? .utf8 : .anyOf
            }
    }
}

extension IntakeError {
    /// The same fault of input that comes after so many bytes and lines of a file.
    fileprivate func after(_ bytes: Int, _ lines: Int) -> IntakeError {
        switch self {
        case .nulBytes(let count, let line, let offset):
            .nulBytes(count: count, line: line + lines, byteOffset: offset + bytes)
        case .mixedEncodings(let one, let other, let line):
            .mixedEncodings(one, other, line: line + lines)
        default: moved { $0 + bytes }
        }
    }
}

extension DecodedText {
    /// The same text with its faults told as of input that comes after so many bytes and lines of a file.
    fileprivate func after(_ bytes: Int, _ lines: Int) -> DecodedText {
        var result = self
        result.lineFaults = lineFaults.mapValues {
            LineFault(error: $0.error.after(bytes, lines), bytes: $0.bytes)
        }
        return result
    }
}
