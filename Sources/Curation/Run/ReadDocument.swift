// SPDX-License-Identifier: Apache-2.0

/// A document that the filters of one document let through, as shards hold it until the duplicates are known.
struct ReadDocument: Sendable {
    let source: Int
    let id: [UInt8]
    let text: [UInt8]
    let before: Int
    let sentences: [(content: Int, space: Int)]
    let characters: Int
    let tokens: Int?

    var amount: Amount {
        Amount(documents: 1, characters: characters, bytes: text.count, tokens: tokens)
    }
}

extension ReadDocument {
    /// Adds its bytes, little-endian: source, tokens + 1 (0 for none), characters, lengths of id and text,
    /// white space before, number of sentences (4 bytes each), lengths of each sentence and the space after it
    /// (4 bytes each), id, text.
    func append(to bytes: inout [UInt8]) {
        for number in [
            source, tokens.map { $0 + 1 } ?? 0, characters, id.count, text.count, before,
            sentences.count,
        ] { bytes.append(number: UInt32(clamping: number)) }
        for sentence in sentences {
            bytes.append(number: UInt32(clamping: sentence.content))
            bytes.append(number: UInt32(clamping: sentence.space))
        }
        bytes += id
        bytes += text
    }

    init(_ cursor: inout WorkCursor) throws {
        var head: [Int] = []
        for _ in 0..<7 { head.append(Int(try cursor.number(UInt32.self))) }
        source = head[0]
        tokens = head[1] == 0 ? nil : head[1] - 1
        characters = head[2]
        before = head[5]
        var sentences: [(content: Int, space: Int)] = []
        sentences.reserveCapacity(head[6])
        for _ in 0..<head[6] {
            let content = Int(try cursor.number(UInt32.self))
            sentences.append((content, Int(try cursor.number(UInt32.self))))
        }
        self.sentences = sentences
        id = try cursor.bytes(head[3])
        text = try cursor.bytes(head[4])
    }
}

extension [UInt8] {
    /// Scalars of valid UTF-8.
    var scalarCount: Int { reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) } }
}
