// SPDX-License-Identifier: Apache-2.0
package import Foundation
import JSONFiles

extension VocabularyTable {
    /// The content of a `tokenizer.json` of a `gpt2` table.
    func json(name: String) throws(TokenizerError) -> Data {
        try check(name: name)
        let pattern = pattern ?? SplitPattern.unnamed.rawValue
        guard let split = SplitPattern(name: pattern) else {
            throw .unsupported(
                file: name, field: "tokenizer.ggml.pre",
                value: String(pattern.unicodeScalars.prefix(64)))
        }
        let table = withoutFilling()
        let added = table.tokens.indices.filter {
            table.kinds[$0] == .control || table.kinds[$0] == .userDefined
        }
        let file: JSONValue = [
            "version": "1.0", "truncation": nil, "padding": nil,
            "added_tokens": .array(
                added.map {
                    .plainToken(table.tokens[$0], id: $0, isSpecial: table.kinds[$0] == .control)
                }),
            "normalizer": split.composes ? ["type": "NFC"] : nil,
            "pre_tokenizer": preTokenizer(split), "post_processor": postProcessor,
            "decoder": byteLevel(splits: true),
            "model": [
                "type": "BPE", "dropout": nil, "unk_token": nil,
                "continuing_subword_prefix": nil, "end_of_word_suffix": nil, "fuse_unk": false,
                "byte_fallback": false, "ignore_merges": .bool(split.ignoresMerges),
                "vocab": .object(
                    table.tokens.enumerated().map {
                        JSONValue.Member(name: $0.element, value: .integer($0.offset))
                    }),
                "merges": .array(table.merges.map { .string($0) }),
            ],
        ]
        return Data(file.text.utf8)
    }

    private func byteLevel(splits: Bool) -> JSONValue {
        [
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false,
            "use_regex": .bool(splits),
        ]
    }

    private func preTokenizer(_ split: SplitPattern) -> JSONValue {
        let steps = split.expressions.map { expression -> JSONValue in
            [
                "type": "Split", "pattern": ["Regex": .string(expression)],
                "behavior": "Isolated", "invert": false,
            ]
        }
        guard !steps.isEmpty else { return byteLevel(splits: true) }
        return [
            "type": "Sequence", "pretokenizers": .array(steps + [byteLevel(splits: false)]),
        ]
    }

    private var postProcessor: JSONValue {
        let before = (addsBegin ?? false) ? begin : nil
        let after = (addsEnd ?? false) ? end : nil
        guard before != nil || after != nil else { return byteLevel(splits: false) }
        return .template(
            before: before.map { [($0, tokens[$0])] } ?? [],
            after: after.map { [($0, tokens[$0])] } ?? [])
    }
}

extension VocabularyTable {
    /// The table of a `tokenizer.json`; nil where no kind of table gives the same tokens: a model other
    /// than BPE and Unigram, or a normaliser or pre-tokeniser that has no name in GGUF files.
    ///
    /// Throws `TokenizerError`.
    package init?(json: Data, name: String) throws {
        // Whatever is wrong with the file is found here.
        let tokenizer = try PipelineFile.tokenizer(in: json, name: name)
        let root = try TokenizerField(parsing: Array(json), file: name)
        let model = try root.required("model")
        guard let kind = try Self.kind(of: root, tokenizer) else { return nil }
        self.init(kind: kind.kind)
        pattern = kind.pattern
        for id in 0..<tokenizer.vocabularySize {
            let piece = tokenizer.parts.model.vocabulary.piece(of: Int32(id))
            tokens.append(piece ?? "[PAD\(id)]")
            kinds.append(piece == nil ? .unused : Self.byteKind(piece, kind.kind))
        }
        for token in tokenizer.parts.addedTokens {
            tokens[Int(token.id)] = token.content
            kinds[Int(token.id)] = token.isSpecial ? .control : .userDefined
        }
        switch kind.kind {
        case .gpt2: merges = try Self.merges(try model.required("merges"))
        case .llama: try readMerges(try model.required("merges"), tokenizer)
        case .t5: try readScores(model)
        }
        if let text = try model.string("unk_token") {
            unknown = tokenizer.id(of: text).map(Int.init)
        } else if let id = try model.optional("unk_id") {
            unknown = try id.integer()
        }
        if let unknown, tokens.indices.contains(unknown), kind.kind != .gpt2 {
            kinds[unknown] = .unknown
        }
        begin = tokenizer.tokensBefore.first.map(Int.init)
        end = tokenizer.tokensAfter.last.map(Int.init)
        addsBegin = !tokenizer.tokensBefore.isEmpty
        addsEnd = !tokenizer.tokensAfter.isEmpty
        if case .precompiled(let map)? = tokenizer.parts.normalizers.first {
            characterMap = map.bytes
        }
    }

    private static func byteKind(_ piece: String?, _ kind: Kind) -> TokenKind {
        guard kind == .llama, let piece, SentencePieceModel.byte(of: piece) != nil else {
            return .normal
        }
        return .byte
    }

    /// Which kind of table carries the file out, and the name of its pattern.
    private static func kind(
        of root: TokenizerField, _ tokenizer: PipelineTokenizer
    ) throws(TokenizerError) -> (kind: Kind, pattern: String?)? {
        let parts = tokenizer.parts
        let normalizers = parts.normalizers.map(\.summary)
        let model = try root.required("model")
        if parts.model is BPEModel {
            for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
                guard try model.string(name) ?? "" == "" else { return nil }
            }
            let ignoresMerges = try model.bool("ignore_merges") ?? false
            for split in SplitPattern.allCases {
                guard ignoresMerges == split.ignoresMerges,
                    normalizers == (split.composes ? ["NFC"] : []),
                    try carriesOut(split, parts.preTokenizers)
                else { continue }
                return (.gpt2, split.rawValue)
            }
            let isLlama = normalizers == ["Prepend(\"▁\")", "Replace(\" \" → \"▁\")"]
            guard isLlama, parts.preTokenizers.isEmpty, try model.bool("byte_fallback") ?? false,
                !ignoresMerges
            else { return nil }
            return (.llama, nil)
        }
        guard parts.model is UnigramModel, parts.preTokenizers.count == 1,
            case .metaspace("▁", .always, splits: _) = parts.preTokenizers[0],
            normalizers.isEmpty || normalizers == ["Precompiled"],
            try model.bool("byte_fallback") != true
        else { return nil }
        return (.t5, nil)
    }

    private static func carriesOut(
        _ split: SplitPattern, _ steps: [PreTokenizer]
    ) throws(TokenizerError) -> Bool {
        guard case .byteLevel(addsSpace: false, let splits)? = steps.last,
            splits == split.expressions.isEmpty
        else { return false }
        let expressions = steps.dropLast().map { step -> String? in
            guard case .split(let pattern, .isolated, inverted: false) = step else { return nil }
            return pattern.text
        }
        return expressions == split.expressions
    }

    private static func merges(_ field: TokenizerField) throws(TokenizerError) -> [String] {
        var merges: [String] = []
        for element in try field.elements() {
            if case .array(let pair) = element.value, pair.count == 2,
                case .string(let left) = pair[0], case .string(let right) = pair[1]
            {
                merges.append(left + " " + right)
            } else {
                merges.append(try element.string())
            }
        }
        return merges
    }

    /// Scores that make SentencePiece merge in the order of the list: the earlier a piece is made, the
    /// higher.
    private mutating func readMerges(
        _ field: TokenizerField, _ tokenizer: PipelineTokenizer
    ) throws(TokenizerError) {
        scores = [Float](repeating: 0, count: tokens.count)
        let vocabulary = tokenizer.parts.model.vocabulary
        var made: Set<Int> = []
        for merge in try Self.merges(field) {
            let piece = merge.utf8.filter { $0 != UInt8(ascii: " ") }
            guard let id = vocabulary.id(of: piece), made.insert(Int(id)).inserted else {
                continue
            }
            scores[Int(id)] = -Float(made.count)
        }
        // Pieces that no merge makes are characters, which come after all merges.
        for id in tokens.indices where !made.contains(id) && kinds[id] == .normal {
            scores[id] = -Float(made.count + 1)
        }
    }

    private mutating func readScores(_ model: TokenizerField) throws(TokenizerError) {
        scores = [Float](repeating: 0, count: tokens.count)
        for (id, element) in try model.required("vocab").elements().enumerated()
        where id < scores.count {
            let parts = try element.elements()
            guard parts.count == 2 else { throw element.malformed }
            scores[id] = Float(try parts[1].number())
        }
    }
}
