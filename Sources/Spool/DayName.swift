// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A day of the local calendar as directories of `done/` bear it: `YYYY-MM-DD`.
struct DayName: Hashable, Comparable {
    let text: String

    /// The local day of a moment.
    init(_ moment: Date) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .current
        let day = calendar.dateComponents([.year, .month, .day], from: moment)
        text =
            DayName.digits(day.year ?? 0, 4) + "-" + DayName.digits(day.month ?? 0, 2) + "-"
            + DayName.digits(day.day ?? 0, 2)
    }

    /// Reads a directory's name; nil when it is no day.
    init?(_ name: String) {
        let fields = name.split(separator: "-", omittingEmptySubsequences: false)
        guard fields.map(\.utf8.count) == [4, 2, 2],
            name.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (48...57).contains($0) }),
            let month = Int(fields[1]), let day = Int(fields[2]),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        text = name
    }

    /// Earlier days come first; the text is in that order.
    static func < (left: DayName, right: DayName) -> Bool { left.text < right.text }

    private static func digits(_ number: Int, _ width: Int) -> String {
        let plain = String(number)
        return String(repeating: "0", count: max(0, width - plain.count)) + plain
    }
}
