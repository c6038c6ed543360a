// SPDX-License-Identifier: Apache-2.0
extension NormalizedText {
    /// Takes out the scalars for which `isRemoved` holds; each goes with the one that stays before.
    mutating func remove(_ isRemoved: (Unicode.Scalar) -> Bool) {
        guard scalars.contains(where: isRemoved) else { return }
        var changes: [Change] = []
        var atStart = 0
        for scalar in scalars {
            if !isRemoved(scalar) {
                changes.append(Change(scalar, 0))
            } else if let last = changes.popLast() {
                changes.append(Change(last.scalar, last.change - 1))
            } else {
                atStart += 1
            }
        }
        transform(changes, removing: atStart)
    }

    /// Puts one scalar in the place of each.
    mutating func map(_ body: (Unicode.Scalar) -> Unicode.Scalar) {
        transform(scalars.map { Change(body($0), 0) })
    }

    /// Puts scalars before a text that is not empty; they share the place of its first one.
    mutating func prepend(_ prefix: [Unicode.Scalar]) {
        guard let first = scalars.first, !prefix.isEmpty else { return }
        let changes = prefix.enumerated().map { Change($0.element, $0.offset > 0 ? 1 : 0) }
        transform(0..<1, changes + [Change(first, 1)])
    }

    /// Puts `content` in the place of everything that matches.
    mutating func replace(_ pattern: TextPattern, with content: [Unicode.Scalar]) {
        let stretches = pattern.stretches(of: scalars)
        guard stretches.contains(where: \.isMatch) else { return }
        var result = self
        result.reset()
        for stretch in stretches {
            if !stretch.isMatch {
                result.append(scalars[stretch.range], sources[stretch.range])
            } else {
                let place = placeOfInsertion(at: stretch.range.upperBound)
                result.append(
                    content[...], repeatElement(place, count: content.count))
            }
        }
        self = result
    }

    /// Writes each letter small, which may take two scalars.
    mutating func lowercase() {
        var changes: [Change] = []
        changes.reserveCapacity(scalars.count)
        for scalar in scalars {
            if scalar.value < 0x80 || (scalar.value >= 0x3000 && scalar.value < 0xA000) {
                let isCapital = scalar.value >= 0x41 && scalar.value <= 0x5A
                let small = isCapital ? Unicode.Scalar(scalar.value + 0x20) : scalar
                changes.append(Change(small ?? scalar, 0))
                continue
            }
            for (index, small) in scalar.properties.lowercaseMapping.unicodeScalars.enumerated() {
                changes.append(Change(small, index > 0 ? 1 : 0))
            }
        }
        transform(changes)
    }

    /// Takes white space off the ends.
    mutating func strip(left: Bool, right: Bool) {
        var start = 0
        var end = scalars.count
        if left { while start < end, LibraryCharacters.isSpace(scalars[start]) { start += 1 } }
        if right { while end > start, LibraryCharacters.isSpace(scalars[end - 1]) { end -= 1 } }
        guard start > 0 || end < scalars.count else { return }
        transform(scalars[start..<end].map { Change($0, 0) }, removing: start)
    }

    /// Puts a space on both sides of each ideograph; all three have its place.
    mutating func separateIdeographs() {
        var changes: [Change] = []
        for scalar in scalars {
            if LibraryCharacters.isIdeograph(scalar) {
                changes += [Change(" ", 0), Change(scalar, 1), Change(" ", 1)]
            } else {
                changes.append(Change(scalar, 0))
            }
        }
        transform(changes)
    }

    /// Replaces grapheme clusters of less than six bytes, or else single scalars, by a map.
    ///
    /// Source: huggingface/tokenizers, `normalizers/precompiled.rs`.
    mutating func replaceClusters(_ map: PrecompiledCharacterMap) {
        var changes: [Change] = []
        changes.reserveCapacity(scalars.count)
        var isChanged = false
        func append(_ replacement: [UInt8], for count: Int) {
            isChanged = true
            let start = changes.count
            for scalar in String(decoding: replacement, as: UTF8.self).unicodeScalars {
                // What is more than the cluster had is inserted after the rest.
                changes.append(Change(scalar, changes.count - start < count ? 0 : 1))
            }
            let missing = count - (changes.count - start)
            // What is less goes with the scalar before it, whichever that is.
            if missing > 0, let last = changes.popLast() {
                changes.append(Change(last.scalar, last.change - missing))
            }
        }
        for cluster in scalars.text {
            let bytes = Array(String(cluster).utf8)
            if bytes.count < 6, let replacement = map.replacementOfShortestKey(in: bytes[...]) {
                append(replacement, for: cluster.unicodeScalars.count)
                continue
            }
            for scalar in cluster.unicodeScalars {
                let bytes = Array(String(scalar).utf8)
                if let replacement = map.replacementOfShortestKey(in: bytes[...]) {
                    append(replacement, for: 1)
                } else {
                    changes.append(Change(scalar, 0))
                }
            }
        }
        if isChanged { transform(changes) }
    }
}
