// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import TestSupport
import WeightFiles

/// A tiny encoder as its publisher would give it out: random weights, but an embedding and a head that
/// are set so that certain tokens get certain labels, whatever stands around them.
struct FictionalCheckpoint {
    /// The architectures, each with a tokenizer of another kind.
    enum Kind: String, CaseIterable {
        /// `vocab.txt`, words by MeCab.
        case bert
        /// `tokenizer.json`, byte-level BPE.
        case roberta
        /// `tokenizer.json`, Unigram.
        case modernbert
        /// A SentencePiece model.
        case debertaV2 = "deberta-v2"
    }

    /// Positions of the model; longer texts are read in windows.
    static let positions = 48
    private static let width = 32
    private static let inner = 24

    /// Labels of PRISM with attributes; anatomy has no place in the database.
    static let labels = [
        "O", "B-d_positive", "I-d_positive", "B-d_negative", "I-d_negative", "B-m-key_executed",
        "I-m-key_executed", "B-m-val_executed", "I-m-val_executed", "B-a", "I-a",
    ]

    /// Pieces that get a label; a piece that goes on with a word is marked by `##`.
    static let labelled: [(piece: String, label: Int)] = [
        ("発熱", 1), ("肺", 1), ("炎", 2), ("##炎", 2), ("肺炎", 1), ("咳嗽", 3), ("アスピリン", 5),
        ("100", 7), ("mg", 8), ("右", 9), ("葉", 9),
    ]
    private static let others = [
        "昨夜", "より", "あり", "なし", "。", "、", "は", "を", "し", "た", "内服", "に", "認める", "と", "下",
    ]

    let kind: Kind
    var labels = Self.labels
    /// Rows of the embedding beyond the tokenizer's pieces.
    var surplus = 0
    var head = "TokenClassification"

    init(_ kind: Kind) { self.kind = kind }

    /// The pieces by id.
    var pieces: [String] {
        let known = Self.labelled.map(\.piece) + Self.others
        return switch kind {
        case .bert: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + known
        case .roberta:
            ["<pad>", "<unk>", "<s>", "</s>"] + ByteMerges.alphabet.map(String.init)
                + merges.map { $0.joined() }
        case .modernbert, .debertaV2:
            ["<pad>", "<unk>", "<s>", "</s>", "▁"] + known.filter { !$0.hasPrefix("##") }
        }
    }

    /// What the labelled pieces are called in the vocabulary.
    private func vocabularyName(_ piece: String) -> String {
        kind == .roberta ? ByteMerges.written(piece) : piece
    }

    private var merges: [[String]] {
        ByteMerges.of((Self.labelled.map(\.piece) + Self.others).filter { !$0.hasPrefix("##") })
    }

    /// Writes `config.json`, `model.safetensors` and the tokenizer.
    func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try JSONSerialization.data(withJSONObject: configuration).write(
            to: folder.appending(path: "config.json"))
        try SafetensorsWriter.write(tensors, to: folder.appending(path: "model.safetensors"))
        try Data("---\nlanguage: ja\nlicense: apache-2.0\n---\n# Fictional\n".utf8).write(
            to: folder.appending(path: "README.md"))
        switch kind {
        case .bert:
            try Data(pieces.map { $0 + "\n" }.joined().utf8).write(
                to: folder.appending(path: "vocab.txt"))
            let settings: [String: Any] = [
                "tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab",
                "subword_tokenizer_type": "wordpiece", "do_lower_case": false,
                "mecab_kwargs": ["mecab_dic": "ipadic"],
            ]
            try JSONSerialization.data(withJSONObject: settings).write(
                to: folder.appending(path: "tokenizer_config.json"))
        case .roberta, .modernbert:
            try JSONSerialization.data(withJSONObject: tokenizer).write(
                to: folder.appending(path: "tokenizer.json"))
        case .debertaV2:
            try Data(sentencePieceModel).write(to: folder.appending(path: "spiece.model"))
        }
    }
}

// MARK: - Tokenizers

extension FictionalCheckpoint {
    private var tokenizer: [String: Any] {
        let added = pieces.prefix(4).enumerated().map { id, content in
            [
                "id": id, "content": content, "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": true,
            ] as [String: Any]
        }
        func special(_ id: Int) -> [String: Any] {
            ["SpecialToken": ["id": pieces[id], "type_id": 0]]
        }
        let sequence: [String: Any] = ["Sequence": ["id": "A", "type_id": 0]]
        let template: [String: Any] = [
            "type": "TemplateProcessing", "single": [special(2), sequence, special(3)],
            "pair": [special(2), sequence, special(3)],
            "special_tokens": [
                pieces[2]: ["id": pieces[2], "ids": [2], "tokens": [pieces[2]]],
                pieces[3]: ["id": pieces[3], "ids": [3], "tokens": [pieces[3]]],
            ],
        ]
        var file: [String: Any] = [
            "version": "1.0", "added_tokens": added, "post_processor": template,
            "normalizer": NSNull(), "decoder": NSNull(),
        ]
        if kind == .roberta {
            file["pre_tokenizer"] = [
                "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false,
                "use_regex": true,
            ]
            file["model"] = [
                "type": "BPE", "unk_token": "<unk>",
                "vocab": Dictionary(
                    uniqueKeysWithValues: pieces.enumerated().map { ($0.element, $0.offset) }),
                "merges": merges,
            ]
        } else {
            file["normalizer"] = ["type": "NFKC"]
            file["pre_tokenizer"] = [
                "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true,
            ]
            file["model"] = [
                "type": "Unigram", "unk_id": 1, "byte_fallback": false,
                "vocab": pieces.map { [$0, $0.hasPrefix("<") ? 0.0 : -3.0] as [Any] },
            ]
        }
        return file
    }

    /// The protobuf that SentencePiece writes: field 1 a piece (text, score, kind), 3 the normaliser.
    private var sentencePieceModel: [UInt8] {
        func varint(_ value: Int) -> [UInt8] {
            value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
        }
        func message(_ field: Int, _ content: [UInt8]) -> [UInt8] {
            varint(field << 3 | 2) + varint(content.count) + content
        }
        func score(_ value: Float) -> [UInt8] {
            [0x15] + (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
        }
        let kinds = ["<unk>": 2, "<pad>": 3, "<s>": 3, "</s>": 3]
        return pieces.flatMap { piece in
            message(
                1,
                message(1, Array(piece.utf8)) + score(kinds[piece] == nil ? -3 : 0) + [0x18]
                    + varint(kinds[piece] ?? 1))
        } + message(2, [0x18, 0x01]) + message(3, message(1, Array("identity".utf8)))
    }
}

// MARK: - Model

extension FictionalCheckpoint {
    private var vocabulary: Int { pieces.count + surplus }

    var configuration: [String: Any] {
        var fields: [String: Any] = [
            "architectures": [Self.className(kind) + "For" + head], "model_type": kind.rawValue,
            "vocab_size": vocabulary, "hidden_size": Self.width,
            "intermediate_size": Self.inner, "num_hidden_layers": 2, "num_attention_heads": 4,
            "max_position_embeddings": Self.positions + (kind == .roberta ? 1 : 0),
            "type_vocab_size": kind == .debertaV2 ? 0 : 2, "pad_token_id": 0,
            "hidden_act": "gelu", "layer_norm_eps": 1e-5,
            "id2label": Dictionary(
                uniqueKeysWithValues: labels.enumerated().map { ("\($0.offset)", $0.element) }),
        ]
        if kind == .modernbert {
            fields["norm_eps"] = 1e-5
            fields["hidden_activation"] = "gelu"
            fields["local_attention"] = 8
        }
        if kind == .debertaV2 {
            fields["relative_attention"] = true
            fields["share_att_key"] = true
            fields["position_buckets"] = 8
            fields["max_relative_positions"] = -1
            fields["pos_att_type"] = "p2c|c2p"
            fields["norm_rel_ebd"] = "layer_norm"
            fields["position_biased_input"] = false
            fields["conv_kernel_size"] = 3
            fields["conv_act"] = "gelu"
        }
        return fields
    }

    private static func className(_ kind: Kind) -> String {
        switch kind {
        case .bert: "Bert"
        case .roberta: "Roberta"
        case .modernbert: "ModernBert"
        case .debertaV2: "DebertaV2"
        }
    }

    private var tensors: [String: Tensor] {
        var random = SmallNumbers()
        var all: [String: Tensor] = [:]
        let (c, f) = (Self.width, Self.inner)
        func add(_ name: String, _ shape: [Int]) {
            let isNorm = name.contains("norm.weight") || name.contains("Norm.weight")
            all[name] = isNorm ? Tensor(ones: shape) : random.tensor(shape)
        }
        func linear(_ name: String, _ out: Int, _ width: Int) {
            add(name + ".weight", [out, width])
            if kind != .modernbert { add(name + ".bias", [out]) }
        }
        func norm(_ name: String) {
            add(name + ".weight", [c])
            if kind != .modernbert { add(name + ".bias", [c]) }
        }
        let prefix =
            switch kind {
            case .bert: "bert."
            case .roberta: "roberta."
            case .modernbert: "model."
            case .debertaV2: "deberta."
            }
        for layer in 0..<2 {
            if kind == .modernbert {
                let at = "model.layers.\(layer)."
                if layer > 0 { norm(at + "attn_norm") }
                linear(at + "attn.Wqkv", 3 * c, c)
                linear(at + "attn.Wo", c, c)
                norm(at + "mlp_norm")
                linear(at + "mlp.Wi", 2 * f, c)
                linear(at + "mlp.Wo", c, f)
                continue
            }
            let at = prefix + "encoder.layer.\(layer)."
            let suffix = kind == .debertaV2 ? "_proj" : ""
            for name in ["query", "key", "value"] {
                linear(at + "attention.self." + name + suffix, c, c)
            }
            linear(at + "attention.output.dense", c, c)
            norm(at + "attention.output.LayerNorm")
            linear(at + "intermediate.dense", f, c)
            linear(at + "output.dense", c, f)
            norm(at + "output.LayerNorm")
        }
        switch kind {
        case .bert, .roberta:
            let positions = Self.positions + (kind == .roberta ? 1 : 0)
            add(prefix + "embeddings.position_embeddings.weight", [positions, c])
            add(prefix + "embeddings.token_type_embeddings.weight", [2, c])
            norm(prefix + "embeddings.LayerNorm")
        case .modernbert:
            norm(prefix + "embeddings.norm")
            norm(prefix + "final_norm")
            norm("head.norm")
            all["head.dense.weight"] = Tensor(identity: c)
        case .debertaV2:
            norm(prefix + "embeddings.LayerNorm")
            norm(prefix + "encoder.LayerNorm")
            add(prefix + "encoder.rel_embeddings.weight", [16, c])
            norm(prefix + "encoder.conv.LayerNorm")
            add(prefix + "encoder.conv.conv.weight", [c, c, 3])
            add(prefix + "encoder.conv.conv.bias", [c])
        }
        let words = kind == .modernbert ? "tok_embeddings" : "word_embeddings"
        all[prefix + "embeddings.\(words).weight"] = embedding(&random)
        if head == "TokenClassification" {
            all["classifier.weight"] = classifier
            all["classifier.bias"] = Tensor(zeros: [labels.count])
        } else {
            all["bert.pooler.dense.weight"] = random.tensor([c, c])
            all["bert.pooler.dense.bias"] = random.tensor([c])
            all["classifier.weight"] = random.tensor([labels.count, c])
            all["classifier.bias"] = Tensor(zeros: [labels.count])
        }
        return all
    }

    /// Small numbers, but one large element where its token's label is looked for.
    private func embedding(_ random: inout SmallNumbers) -> Tensor {
        var table = random.tensor([vocabulary, Self.width])
        let labelOf = Dictionary(
            uniqueKeysWithValues: Self.labelled.map { (vocabularyName($0.piece), $0.label) })
        for (id, piece) in pieces.enumerated() {
            table.values[id * Self.width + (labelOf[piece] ?? 0)] += 6
        }
        return table
    }

    /// Each label looks at its own element.
    private var classifier: Tensor {
        var weight = Tensor(zeros: [labels.count, Self.width])
        for label in labels.indices { weight.values[label * Self.width + label] = 3 }
        return weight
    }
}

/// Byte-level BPE in which every given piece comes out whole.
private enum ByteMerges {
    /// The character that stands for each byte, as GPT-2 has it: itself where it can be seen.
    static let alphabet: [Character] = {
        var next: UInt32 = 256
        return (0...255).map { byte in
            let isSeen = (33...126).contains(byte) || (161...172).contains(byte) || byte > 173
            if !isSeen { next += 1 }
            return Unicode.Scalar(isSeen ? UInt32(byte) : next - 1).map(Character.init) ?? " "
        }
    }()

    static func written(_ text: String) -> String { String(text.utf8.map { alphabet[Int($0)] }) }

    /// First every character of its bytes, then every piece of its characters, from the left.
    static func of(_ pieces: [String]) -> [[String]] {
        var merges: [[String]] = []
        func join(_ parts: [String]) {
            var whole = parts.first ?? ""
            for part in parts.dropFirst() {
                if !merges.contains([whole, part]) { merges.append([whole, part]) }
                whole += part
            }
        }
        for scalar in pieces.joined().unicodeScalars {
            join(written(String(scalar)).map(String.init))
        }
        for piece in pieces { join(piece.unicodeScalars.map { written(String($0)) }) }
        return merges
    }
}

/// Random numbers near zero, the same each time.
private struct SmallNumbers {
    private var random = SeededNumbers(seed: 20_261_121)

    mutating func tensor(_ shape: [Int]) -> Tensor {
        let values = (0..<shape.reduce(1, *)).map { _ in 0.05 * random.signed() }
        return Tensor(shape: shape, values: values)
    }
}

extension Tensor {
    fileprivate init(ones shape: [Int]) {
        self.init(shape: shape, values: [Float](repeating: 1, count: shape.reduce(1, *)))
    }

    fileprivate init(identity width: Int) {
        self.init(zeros: [width, width])
        for row in 0..<width { values[row * width + row] = 1 }
    }
}
