// SPDX-License-Identifier: Apache-2.0

/// A time as spreadsheets keep it, as days from the end of 1899 or the beginning of 1904, in words.
enum SerialTime {
    /// `2026-05-12`, `2026-05-12 06:10`, or `06:10` for less than a day; nil for what is no time.
    static func text(of days: Double, countsFrom1904: Bool) -> String? {
        guard days >= 0, days < 2_958_466 else { return nil }
        var seconds = Int((days * 86_400).rounded())
        var day = seconds / 86_400
        seconds %= 86_400
        let clock =
            digits(seconds / 3600) + ":" + digits(seconds / 60 % 60)
            + (seconds % 60 == 0 ? "" : ":" + digits(seconds % 60))
        if days < 1 { return clock }
        if countsFrom1904 {
            day += 1462
        } else if day < 61 {
            // Spreadsheets have a 29th of February in 1900.
            guard day != 60 else { return nil }
            day += 1
        }
        let date = date(ofDay: day)
        return seconds == 0 ? date : date + " " + clock
    }

    /// The date so many days after 1899-12-30, in the Gregorian calendar.
    private static func date(ofDay day: Int) -> String {
        // Days from 0000-03-01, years counted from March.
        let whole = day + 693_899
        let era = whole / 146_097
        let ofEra = whole - era * 146_097
        let years = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * years + years / 4 - years / 100)
        let shifted = (5 * ofYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = years + era * 400 + (month <= 2 ? 1 : 0)
        return "\(year)-" + digits(month) + "-" + digits(ofYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
