// SPDX-License-Identifier: Apache-2.0

/// Rule `ellipses`: three dots become `…`, and `°C` becomes `℃`.
///
/// Restores what NFKC has taken apart, and what was typed apart. Version 2 makes one ellipsis of a
/// whole row of dots that holds three full stops or three middle dots (`食欲・・・良好`), and takes the
/// handakuten for a degree sign before C (`３７゜Ｃ`).
struct Ellipses {
    private static let ellipsis: UInt32 = 0x2026
    private static let celsius: UInt32 = 0x2103

    let version: CleaningVersion

    func restore(in scalars: inout MappedScalars) {
        let values = scalars.values
        guard
            let first = values.indices.first(where: {
                mayBegin(values[$0]) && match(in: values, at: $0) != nil
            })
        else { return }
        var index = first
        var written = first
        while index < scalars.count {
            if mayBegin(scalars.values[index]),
                let (form, length) = match(in: scalars.values, at: index)
            {
                scalars.write(form, insteadOf: index..<index + length, at: written)
                index += length
            } else {
                scalars.move(index, to: written)
                index += 1
            }
            written += 1
        }
        scalars.truncate(to: written)
    }

    @inline(__always)
    private func mayBegin(_ value: UInt32) -> Bool { isDot(value) || isDegree(value) }

    @inline(__always)
    private func isDot(_ value: UInt32) -> Bool {
        value == 0x2E || (value == 0x30FB && version >= .second)
    }

    private func isDegree(_ value: UInt32) -> Bool {
        value == 0xB0 || value == 0x2DA || (value == 0x309C && version >= .second)
    }

    private func match(in values: [UInt32], at index: Int) -> (form: UInt32, length: Int)? {
        if isDegree(values[index]) {
            guard values[safe: index + 1] == 0x43 else { return nil }
            let after = values[safe: index + 2] ?? 0
            return CharacterClasses.isLatin(after) ? nil : (Self.celsius, 2)
        }
        if version == .first {
            let isThree = values[safe: index + 1] == 0x2E && values[safe: index + 2] == 0x2E
            return isThree ? (Self.ellipsis, 3) : nil
        }
        // A row is looked at once, from its first dot.
        if index > 0, isDot(values[index - 1]) { return nil }
        return rowOfDots(in: values, at: index).map { (Self.ellipsis, $0) }
    }

    /// The length of a row of dots that holds three of one kind side by side.
    private func rowOfDots(in values: [UInt32], at start: Int) -> Int? {
        var end = start + 1
        var (alike, most) = (1, 1)
        while end < values.count, isDot(values[end]) {
            alike = values[end] == values[end - 1] ? alike + 1 : 1
            most = max(most, alike)
            end += 1
        }
        return most >= 3 ? end - start : nil
    }
}
