// SPDX-License-Identifier: Apache-2.0
package import Tokenizers

/// The text of tokens as they come, up to the first of some strings that end it.
package struct StreamedText: Sendable {
    private let tokenBytes: TokenBytes
    private let stops: [[UInt8]]
    private var bytes: [UInt8] = []
    private var count = 0
    private var shown = 0
    /// Which of the strings ended the text; nil while none did.
    package private(set) var stop: Int?

    /// An empty text; empty strings end nothing.
    package init(_ tokenBytes: TokenBytes, stopStrings: [String] = []) {
        self.tokenBytes = tokenBytes
        stops = stopStrings.map { Array($0.utf8) }
    }

    /// The text so far, without the string that ended it; bytes that are no UTF-8 become U+FFFD.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Takes a token in; after the end of the text nothing more.
    package mutating func append(_ token: Int32) {
        guard stop == nil else { return }
        let before = bytes.count
        bytes += tokenBytes.bytes(of: token, isFirst: count == 0)
        count += 1
        // Of several strings the one that begins first ends the text.
        var earliest: (start: Int, stop: Int)?
        for (index, stop) in stops.enumerated() where !stop.isEmpty {
            let from = max(0, before - stop.count + 1)
            guard bytes.count >= from + stop.count else { continue }
            for start in from...bytes.count - stop.count
            where bytes[start..<start + stop.count].elementsEqual(stop) {
                if start < earliest?.start ?? .max { earliest = (start, index) }
                break
            }
        }
        guard let earliest else { return }
        stop = earliest.stop
        bytes.removeLast(bytes.count - earliest.start)
    }

    /// What is certain to stay and was not taken before: whole characters, and nothing that may be
    /// the beginning of a string that ends the text, unless the text is at its end.
    package mutating func takeCertain(isAtEnd: Bool = false) -> String {
        var end = bytes.count
        if stop == nil, !isAtEnd { end -= max(openCharacter, openStop) }
        guard end > shown else { return "" }
        defer { shown = end }
        return String(decoding: bytes[shown..<end], as: UTF8.self)
    }

    /// Bytes at the end that are the beginning of a character.
    private var openCharacter: Int {
        for length in 1..<4 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            if UTF8.isContinuation(byte) { continue }
            let whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length < whole ? length : 0
        }
        return 0
    }

    /// Bytes at the end that are the beginning of a string that would end the text.
    private var openStop: Int {
        stops.map { stop in
            (0..<max(1, stop.count)).last { length in
                length <= bytes.count && bytes.suffix(length).elementsEqual(stop.prefix(length))
            } ?? 0
        }.max() ?? 0
    }
}
