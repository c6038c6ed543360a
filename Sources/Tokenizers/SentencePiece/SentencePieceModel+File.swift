// SPDX-License-Identifier: Apache-2.0
extension SentencePieceModel {
    /// Reads the bytes of a model file; `file` goes into the errors.
    ///
    /// Fields that are not needed are skipped. Throws `TokenizerError` naming the field.
    package init(_ content: [UInt8], file: String) throws {
        guard content.count <= Self.fileByteLimit else {
            throw TokenizerError.tooLarge(
                file: file, field: "$", count: content.count, limit: Self.fileByteLimit)
        }
        let source = MessageSource(content: content, file: file)
        try source.forEachField(of: 0..<content.count, "$") { number, value in
            switch number {
            case 1:
                guard pieces.count < Self.pieceLimit else {
                    throw TokenizerError.tooLarge(
                        file: file, field: "pieces", count: pieces.count + 1,
                        limit: Self.pieceLimit)
                }
                let range = try source.range(value, "pieces[\(pieces.count)]")
                pieces.append(try Piece(source, range, index: pieces.count))
            case 2: try readTrainer(source, source.range(value, "trainer_spec"))
            case 3:
                try normalization.read(
                    source, source.range(value, "normalizer_spec"), "normalizer_spec")
            case 5:
                var settings = denormalization ?? Normalization()
                try settings.read(
                    source, source.range(value, "denormalizer_spec"), "denormalizer_spec")
                denormalization = settings
            default: break
            }
        }
        guard !pieces.isEmpty else { throw TokenizerError.missing(file: file, field: "pieces") }
        try complete(file: file)
    }

    private mutating func readTrainer(_ source: MessageSource, _ range: Range<Int>) throws {
        try source.forEachField(of: range, "trainer_spec") { number, value in
            switch number {
            case 3:
                algorithm = try source.choice(value, "trainer_spec.model_type")
            case 24:
                normalization.treatsSpaceAsSuffix = try source.flag(
                    value, "trainer_spec.treat_whitespace_as_suffix")
            case 35: hasByteFallback = try source.flag(value, "trainer_spec.byte_fallback")
            case 44: unknownSurface = try source.text(value, "trainer_spec.unk_surface")
            case 46: beginPiece = try source.text(value, "trainer_spec.bos_piece")
            case 47: endPiece = try source.text(value, "trainer_spec.eos_piece")
            default: break
            }
        }
    }
}

extension SentencePieceModel.Piece {
    fileprivate init(_ source: MessageSource, _ range: Range<Int>, index: Int) throws {
        try source.forEachField(of: range, "pieces[\(index)]") { number, value in
            switch number {
            case 1: text = try source.text(value, "pieces[\(index)].piece")
            case 2: score = try source.float(value, "pieces[\(index)].score")
            case 3: kind = try source.choice(value, "pieces[\(index)].type")
            default: break
            }
        }
        guard !text.isEmpty else {
            throw TokenizerError.missing(file: source.file, field: "pieces[\(index)].piece")
        }
    }
}

extension SentencePieceModel.Normalization {
    /// A field that stands twice is read twice, as protobuf merges messages.
    fileprivate mutating func read(
        _ source: MessageSource, _ range: Range<Int>, _ field: String
    ) throws {
        try source.forEachField(of: range, field) { number, value in
            switch number {
            case 1: name = try source.text(value, field + ".name")
            case 2:
                let field = field + ".precompiled_charsmap"
                let bytes = source.content[try source.range(value, field)]
                map =
                    bytes.isEmpty
                    ? nil
                    : try PrecompiledCharacterMap(Array(bytes), file: source.file, field: field)
            case 3: addsDummyPrefix = try source.flag(value, field + ".add_dummy_prefix")
            case 4:
                removesExtraSpaces = try source.flag(value, field + ".remove_extra_whitespaces")
            case 5: escapesSpaces = try source.flag(value, field + ".escape_whitespaces")
            default: break
            }
        }
    }
}

/// The bytes of a file with the readers of single values, which name the field in their errors.
private struct MessageSource {
    let content: [UInt8]
    let file: String

    func forEachField(
        of range: Range<Int>, _ field: @autoclosure () -> String,
        _ body: (UInt64, ProtobufReader.Value) throws -> Void
    ) throws {
        var reader = ProtobufReader(content, range)
        do {
            while let (number, value) = try reader.next() { try body(number, value) }
        } catch is ProtobufReader.Fault {
            throw malformed(field())
        }
    }

    func range(
        _ value: ProtobufReader.Value, _ field: @autoclosure () -> String
    ) throws -> Range<Int> {
        guard case .bytes(let range) = value else { throw malformed(field()) }
        return range
    }

    func text(
        _ value: ProtobufReader.Value, _ field: @autoclosure () -> String
    ) throws -> String {
        let range = try range(value, field())
        guard range.count <= SentencePieceModel.pieceByteLimit else {
            throw TokenizerError.tooLarge(
                file: file, field: field(), count: range.count,
                limit: SentencePieceModel.pieceByteLimit)
        }
        guard let text = String(validating: content[range], as: UTF8.self) else {
            throw malformed(field())
        }
        return text
    }

    func float(
        _ value: ProtobufReader.Value, _ field: @autoclosure () -> String
    ) throws -> Float {
        guard case .fixed32(let bits) = value else { throw malformed(field()) }
        let number = Float(bitPattern: bits)
        // Sums of scores along a text must stay finite too.
        guard number.isFinite, abs(number) <= 1e9 else { throw malformed(field()) }
        return number
    }

    func flag(
        _ value: ProtobufReader.Value, _ field: @autoclosure () -> String
    ) throws -> Bool {
        guard case .varint(let number) = value else { throw malformed(field()) }
        return number != 0
    }

    func choice<Choice: RawRepresentable<UInt64>>(
        _ value: ProtobufReader.Value, _ field: @autoclosure () -> String
    ) throws -> Choice {
        guard case .varint(let number) = value else { throw malformed(field()) }
        guard let choice = Choice(rawValue: number) else {
            throw TokenizerError.unsupported(file: file, field: field(), value: "\(number)")
        }
        return choice
    }

    private func malformed(_ field: String) -> TokenizerError {
        .malformed(file: file, field: field)
    }
}
