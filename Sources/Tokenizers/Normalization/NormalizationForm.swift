// SPDX-License-Identifier: Apache-2.0

/// A Unicode normalisation form, applied so that every result knows its source.
///
/// Source: Unicode Standard Annex #15; which source scalar a result stands for follows the crate
/// `unicode-normalization-alignments`: of scalars that are joined, the first.
enum NormalizationForm: String, Sendable {
    case nfd = "NFD"
    case nfkd = "NFKD"
    case nfc = "NFC"
    case nfkc = "NFKC"

    /// Normalises `text`.
    func apply(to text: inout NormalizedText) {
        // Nothing below U+00C0 changes in a canonical form, below U+00A0 in the others.
        let limit: UInt32 = self == .nfc || self == .nfd ? 0xC0 : 0xA0
        guard text.scalars.contains(where: { $0.value >= limit && !Self.isInert($0.value) }) else {
            return
        }
        let data =
            self == .nfc || self == .nfd
            ? NormalizationData.canonical : NormalizationData.compatible
        let decomposed = Self.decompose(text.scalars, data)
        text.transform(self == .nfc || self == .nfkc ? Self.compose(decomposed) : decomposed)
    }

    /// Ideographs and the kana that nothing composes from or decomposes into, in any form.
    @inline(__always)
    private static func isInert(_ value: UInt32) -> Bool {
        (value >= 0x3400 && value < 0xA000) || value == 0x3001 || value == 0x3002
    }

    private static func decompose(
        _ scalars: [Unicode.Scalar], _ data: NormalizationData
    ) -> [NormalizedText.Change] {
        var result: [NormalizedText.Change] = []
        result.reserveCapacity(scalars.count)
        // Scalars at the end of `result` that still may change places, and their classes.
        var pendingStart = 0
        var classes: [UInt8] = []
        func sortPending() {
            if classes.count > 1, zip(classes, classes.dropFirst()).contains(where: { $0 > $1 }) {
                let pending = Array(result[pendingStart...])
                // A stable sort: scalars of one class keep their order.
                let order = classes.indices.sorted {
                    (classes[$0], $0) < (classes[$1], $1)
                }
                for (offset, index) in order.enumerated() {
                    result[pendingStart + offset] = pending[index]
                }
            }
            classes.removeAll(keepingCapacity: true)
            pendingStart = result.count
        }
        for scalar in scalars {
            var isFirst = true
            data.decompose(scalar) { part in
                let combiningClass = NormalizationData.combiningClass(part)
                if combiningClass == 0 { sortPending() }
                result.append(NormalizedText.Change(part, isFirst ? 0 : 1))
                if combiningClass == 0 {
                    pendingStart = result.count
                } else {
                    classes.append(combiningClass)
                }
                isFirst = false
            }
        }
        sortPending()
        return result
    }

    private static func compose(_ parts: [NormalizedText.Change]) -> [NormalizedText.Change] {
        var result: [NormalizedText.Change] = []
        result.reserveCapacity(parts.count)
        var starter: Int?
        var lastClass: UInt8?
        for part in parts {
            let combiningClass = NormalizationData.combiningClass(part.scalar)
            guard let index = starter else {
                if combiningClass == 0 { starter = result.count }
                result.append(part)
                continue
            }
            let isBlocked = lastClass.map { $0 >= combiningClass } ?? false
            if !isBlocked,
                let composite = NormalizationData.compose(result[index].scalar, part.scalar)
            {
                result[index] = NormalizedText.Change(
                    composite, result[index].change + part.change - 1)
                continue
            }
            if combiningClass == 0 {
                starter = result.count
                lastClass = nil
            } else {
                lastClass = combiningClass
            }
            result.append(part)
        }
        return result
    }
}
