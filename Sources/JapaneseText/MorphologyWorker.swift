// SPDX-License-Identifier: Apache-2.0
import CMeCab

/// A tagger with its lattice and the features that it has read, for one thread at a time.
///
/// `@unchecked Sendable` because `MorphologicalAnalyzer` hands a worker to one caller at a time and
/// takes it back under a lock.
final class MorphologyWorker: @unchecked Sendable {
    private let session: MeCabSession
    /// Columns by the address of the feature string.
    ///
    /// MeCab's feature strings lie in the mapped dictionaries, so an address means the same as long as
    /// the model lives, which outlives its workers. Reading them anew took a third of the analysis.
    private var features: [UnsafePointer<CChar>: FeatureColumns] = [:]
    private static let mostFeatures = 1 << 16

    /// nil if there is no memory.
    init?(model: borrowing MeCabModel) {
        guard let session = MeCabSession(model: model) else { return nil }
        self.session = session
    }

    func morphemes(in text: CleanedText, range: CleanedRange) -> [Morpheme] {
        if text.scalars[range.start..<range.end].contains("\n") {
            return morphemes(in: text, wrapped: range)
        }
        var result: [Morpheme] = []
        result.reserveCapacity(range.count / 2)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: range.count * 4 + 1) { buffer in
            var length = 0
            for index in range.start..<range.end {
                length = UTF8Writing.write(
                    DictionaryForm.widened(text.scalars[index].value), to: buffer, at: length)
            }
            let bytes = UnsafeBufferPointer(rebasing: buffer[..<length])
            var position = range.start
            var offset = 0
            session.forEachNode(of: bytes) { node, start in
                position += scalarCount(bytes, offset..<start)
                offset = start + Int(node.length)
                let next = position + scalarCount(bytes, start..<offset)
                let range = CleanedRange(start: position, end: next)
                result.append(morpheme(node, surface: text.slice(range), at: range))
                position = next
            }
        }
        return result
    }

    /// The words of a sentence that was wrapped: a line break may stand within a word, whose surface
    /// is then without it.
    private func morphemes(in text: CleanedText, wrapped range: CleanedRange) -> [Morpheme] {
        let places = (range.start..<range.end).filter { text.scalars[$0] != "\n" }
        let scalars = places.map { text.scalars[$0] }
        var result: [Morpheme] = []
        result.reserveCapacity(scalars.count / 2)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: scalars.count * 4 + 1) { buffer in
            var length = 0
            for scalar in scalars {
                length = UTF8Writing.write(
                    DictionaryForm.widened(scalar.value), to: buffer, at: length)
            }
            let bytes = UnsafeBufferPointer(rebasing: buffer[..<length])
            var position = 0
            var offset = 0
            session.forEachNode(of: bytes) { node, start in
                position += scalarCount(bytes, offset..<start)
                offset = start + Int(node.length)
                let next = position + scalarCount(bytes, start..<offset)
                guard position < next else { return }
                result.append(
                    morpheme(
                        node, surface: String(scalars: scalars[position..<next]),
                        at: CleanedRange(start: places[position], end: places[next - 1] + 1)))
                position = next
            }
        }
        return result
    }

    /// The words of a text as it is.
    func wordRanges(in scalars: [Unicode.Scalar]) -> [CleanedRange] {
        var result: [CleanedRange] = []
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: scalars.count * 4 + 1) { buffer in
            var length = 0
            for scalar in scalars {
                length = UTF8Writing.write(scalar.value, to: buffer, at: length)
            }
            let bytes = UnsafeBufferPointer(rebasing: buffer[..<length])
            var position = 0
            var offset = 0
            session.forEachNode(of: bytes) { node, start in
                position += scalarCount(bytes, offset..<start)
                offset = start + Int(node.length)
                let end = position + scalarCount(bytes, start..<offset)
                result.append(CleanedRange(start: position, end: end))
                position = end
            }
        }
        return result
    }

    private func morpheme(
        _ node: borrowing mecab_node_t, surface: String, at range: CleanedRange
    ) -> Morpheme {
        let columns = columns(of: node.feature)
        return Morpheme(
            surface: surface, range: range, partOfSpeech: columns.partOfSpeech ?? "",
            subcategory: columns.subcategory ?? "", baseForm: columns.baseForm ?? surface,
            reading: columns.reading, isUnknown: Int(node.stat) == MECAB_UNK_NODE)
    }

    private func columns(of feature: UnsafePointer<CChar>?) -> FeatureColumns {
        guard let feature else { return FeatureColumns(nil) }
        if let known = features[feature] { return known }
        let columns = FeatureColumns(feature)
        if features.count >= Self.mostFeatures { features.removeAll() }
        features[feature] = columns
        return columns
    }

    @inline(__always)
    private func scalarCount(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
        var count = 0
        for index in range where !UTF8.isContinuation(bytes[index]) { count += 1 }
        return count
    }
}
