// SPDX-License-Identifier: Apache-2.0

/// A time as senders and users write it: an instant, and how exactly it is given.
///
/// Read are ISO 8601 (`2024-05-01T08:30:00+09:00`), digits alone as in HL7 (`20240501083000`), the usual
/// `2024/5/1 8:30`, `2024年5月1日 午後3時15分`, and the eras of Japan (`令和6年5月1日`, `R6.5.1`, `H31.4.30`), in
/// full width, too, and with a day of the week in brackets. Without a zone a time is that of Japan. What
/// could be read in two ways, such as `5/1/2024`, is no time, and neither is a day that no calendar has.
package struct StatedTime: Hashable, Sendable {
    /// How exactly a time is given.
    package enum Precision: String, CaseIterable, Hashable, Sendable {
        case year, month, day, hour, minute, second
    }

    /// Milliseconds from 1970 in UTC to the beginning of what is stated: of a day, to its midnight.
    package let milliseconds: Int64
    /// How exactly it is given; fractions of a second count as seconds.
    package let precision: Precision

    /// Reads a time; nil for what is none.
    package init?(_ text: String) {
        var reader = TimeReader(text)
        guard let (date, precision, milliseconds) = reader.wholeTime(),
            (1...9998).contains(date.year)
        else { return nil }
        self.milliseconds = date.days * 86_400_000 + milliseconds
        self.precision = precision
    }

    /// The instant in ISO 8601, UTC, with milliseconds, so that texts sort as times do.
    package var utc: String {
        let days = milliseconds.quotient(by: 86_400_000)
        let rest = milliseconds - days * 86_400_000
        let date = CivilDate(days: days)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        func add(_ number: Int64, _ width: Int, then mark: Character) {
            var divisor: Int64 = 1
            for _ in 1..<width { divisor *= 10 }
            while divisor > 0 {
                text.append(UInt8(0x30 + number / divisor % 10))
                divisor /= 10
            }
            text += mark.utf8
        }
        add(Int64(date.year), 4, then: "-")
        add(Int64(date.month), 2, then: "-")
        add(Int64(date.day), 2, then: "T")
        add(rest / 3_600_000, 2, then: ":")
        add(rest / 60_000 % 60, 2, then: ":")
        add(rest / 1000 % 60, 2, then: ".")
        add(rest % 1000, 3, then: "Z")
        return String(decoding: text, as: UTF8.self)
    }
}

extension Int64 {
    /// The quotient rounded down, as of days before 1970.
    fileprivate func quotient(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
    }
}

/// A day of the Gregorian calendar.
private struct CivilDate: Hashable {
    let year: Int
    let month: Int
    let day: Int

    /// nil for a day that is in no calendar.
    init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= Self.days(of: month, in: year) else {
            return nil
        }
        (self.year, self.month, self.day) = (year, month, day)
    }

    private static func days(of month: Int, in year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// Days from 1970-01-01; years are counted from March, so that the leap day is their last.
    var days: Int64 {
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let era = shifted.quotient(by: 400)
        let ofEra = shifted - era * 400
        let ofYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    init(days: Int64) {
        let shifted = days + 719_468
        let era = shifted.quotient(by: 146_097)
        let ofEra = shifted - era * 146_097
        let years = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * years + years / 4 - years / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        day = Int(ofYear - (153 * shiftedMonth + 2) / 5 + 1)
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        year = Int(years + era * 400) + (month <= 2 ? 1 : 0)
    }
}

/// Eras with their first years and days.
private struct Era {
    let names: [String]
    let firstYear: Int
    let (begin, end): (Int64, Int64)

    private init(_ names: [String], _ firstYear: Int, from: CivilDate?, to: CivilDate?) {
        self.names = names
        self.firstYear = firstYear
        (begin, end) = (from?.days ?? .min, to?.days ?? .max)
    }

    static let all: [Era] = {
        let meiji = CivilDate(year: 1873, month: 1, day: 1)
        let taisho = CivilDate(year: 1912, month: 7, day: 30)
        let showa = CivilDate(year: 1926, month: 12, day: 25)
        let heisei = CivilDate(year: 1989, month: 1, day: 8)
        let reiwa = CivilDate(year: 2019, month: 5, day: 1)
        return [
            Era(["令和", "㋿", "R"], 2019, from: reiwa, to: nil),
            Era(["平成", "㍻", "H"], 1989, from: heisei, to: reiwa),
            Era(["昭和", "㍼", "S"], 1926, from: showa, to: heisei),
            Era(["大正", "㍽", "T"], 1912, from: taisho, to: showa),
            // Before 1873 the calendar was another.
            Era(["明治", "㍾", "M"], 1868, from: meiji, to: taisho),
        ]
    }()
}

/// Reads a time from left to right.
private struct TimeReader {
    private var rest: ArraySlice<Unicode.Scalar>
    private static let japan = 9 * 60

    init(_ text: String) {
        let plain = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.value {
            case 0xFF01...0xFF5E: Self.capital(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            case 0x3000: " "
            default: Self.capital(scalar)
            }
        }
        rest = plain[...]
        while let first = rest.first, Self.isSpace(first) { rest.removeFirst() }
        while let last = rest.last, Self.isSpace(last) { rest.removeLast() }
        // No time has more, and what is no time may be long.
        if rest.count > 64 { rest = ["?"] }
    }

    private static func capital(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("a"..."z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value - 0x20)) : scalar
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            ? scalar == " " || (0x09...0x0D).contains(scalar.value)
            : scalar.properties.isWhitespace
    }

    /// The day, the precision, and the milliseconds from the day's beginning in UTC.
    mutating func wholeTime() -> (CivilDate, StatedTime.Precision, Int64)? {
        let whole = rest
        var day = compactDate()
        if day == nil {
            rest = whole
            day = separatedDate()
        }
        guard let (date, precision) = day else { return nil }
        var found = (precision: precision, milliseconds: Int64(0))
        if precision == .day {
            skipWeekday()
            if !rest.isEmpty {
                guard let clock = clock() else { return nil }
                found = clock
            }
        }
        let hasClock = found.precision != precision
        let minutes = hasClock ? zone() : nil
        guard rest.isEmpty else { return nil }
        return (
            date, found.precision,
            found.milliseconds - Int64(minutes ?? Self.japan) * 60_000
        )
    }

    // MARK: Days

    /// `20240501`, `202405` or `2024`; what follows eight digits without a break is read as a clock.
    private mutating func compactDate() -> (CivilDate, StatedTime.Precision)? {
        let run = rest.prefix { $0.isDigit }.count
        guard run >= 4, run != 4 || rest.count == 4, run != 6 || rest.count == 6,
            [4, 6, 8, 10, 12, 14].contains(run),
            let year = number(4)
        else { return nil }
        if run == 4 { return CivilDate(year: year, month: 1, day: 1).map { ($0, .year) } }
        guard let month = number(2) else { return nil }
        if run == 6 {
            guard (1868...2100).contains(year) else { return nil }
            return CivilDate(year: year, month: month, day: 1).map { ($0, .month) }
        }
        guard let day = number(2) else { return nil }
        return CivilDate(year: year, month: month, day: day).map { ($0, .day) }
    }

    private mutating func separatedDate() -> (CivilDate, StatedTime.Precision)? {
        let era = takeEra()
        let year: Int
        if let era {
            guard let number = take("元") ? 1 : number(upTo: 2), number >= 1 else { return nil }
            year = era.firstYear + number - 1
        } else {
            guard let number = number(4) else { return nil }
            year = number
        }
        guard let separator = rest.first, "-/.年".unicodeScalars.contains(separator) else {
            return nil
        }
        rest.removeFirst()
        skipSpaces()
        if rest.isEmpty {
            guard separator == "年" else { return nil }
            return checked(CivilDate(year: year, month: 1, day: 1), .year, era)
        }
        guard let month = number(upTo: 2) else { return nil }
        if rest.isEmpty && separator != "年" {
            return checked(CivilDate(year: year, month: month, day: 1), .month, era)
        }
        guard take(separator == "年" ? "月" : separator) else { return nil }
        skipSpaces()
        if rest.isEmpty {
            guard separator == "年" else { return nil }
            return checked(CivilDate(year: year, month: month, day: 1), .month, era)
        }
        guard let day = number(upTo: 2), separator != "年" || take("日") else { return nil }
        return checked(CivilDate(year: year, month: month, day: day), .day, era)
    }

    /// A day within its era; of a year or month any day may be.
    private func checked(
        _ date: CivilDate?, _ precision: StatedTime.Precision, _ era: Era?
    ) -> (CivilDate, StatedTime.Precision)? {
        guard let date else { return nil }
        guard let era else { return (date, precision) }
        let lastDay = date.days + (precision == .year ? 365 : precision == .month ? 27 : 0)
        guard lastDay >= era.begin, date.days < era.end else { return nil }
        return (date, precision)
    }

    private mutating func takeEra() -> Era? {
        guard let first = rest.first, !first.isDigit else { return nil }
        for era in Era.all {
            for name in era.names where rest.starts(with: name.unicodeScalars) {
                rest.removeFirst(name.unicodeScalars.count)
                skipSpaces()
                return era
            }
        }
        return nil
    }

    /// `(水)` or `(水曜日)`.
    private mutating func skipWeekday() {
        let start = rest
        skipSpaces()
        guard take("("), let day = rest.first, "月火水木金土日".unicodeScalars.contains(day) else {
            rest = start
            return
        }
        rest.removeFirst()
        if rest.starts(with: "曜日".unicodeScalars) { rest.removeFirst(2) } else { _ = take("曜") }
        if !take(")") { rest = start }
    }

    // MARK: Clocks

    private mutating func clock() -> (precision: StatedTime.Precision, milliseconds: Int64)? {
        let isSpaced = rest.first == " "
        if !take("T") { skipSpaces() }
        var afternoon = half()
        guard let hour = number(2) ?? number(upTo: 2), hour <= 24 else { return nil }
        let isWritten = take("時")
        var (minute, second, fraction) = (0, 0, 0)
        var precision = StatedTime.Precision.hour
        let isCompact = !isWritten && rest.first?.isDigit == true
        if isWritten && take("半") {
            (minute, precision) = (30, .minute)
        } else if isCompact || take(":") || isWritten && rest.first?.isDigit == true {
            guard let found = number(2) ?? number(upTo: 2), found < 60 else { return nil }
            (minute, precision) = (found, .minute)
            let hasMinute = isWritten && take("分")
            let hasMore = rest.first?.isDigit == true && (isCompact || hasMinute)
            if hasMore || !isWritten && !isCompact && take(":") {
                guard let found = number(2) ?? number(upTo: 2), found < 60 else { return nil }
                (second, precision) = (found, .second)
                if take(".") || take(",") {
                    guard let found = fractionOfSecond() else { return nil }
                    fraction = found
                }
                if isWritten { _ = take("秒") }
            }
        }
        skipSpaces()
        if afternoon == nil { afternoon = half() }
        // Nothing says that the 8 of `2024-05-01 8` is an hour.
        guard precision != .hour || isWritten || !isSpaced || afternoon != nil else { return nil }
        guard let hours = hours(hour, afternoon) else { return nil }
        guard hours < 24 || minute == 0 && second == 0 && fraction == 0 else { return nil }
        let seconds = (hours * 60 + minute) * 60 + second
        return (precision, Int64(seconds) * 1000 + Int64(fraction))
    }

    /// Whether a time is after noon: 午前, 午後, AM, PM; nil where none says so.
    private mutating func half() -> Bool? {
        guard let first = rest.first, !first.isDigit else { return nil }
        for (word, isAfternoon) in [("午前", false), ("午後", true), ("AM", false), ("PM", true)]
        where rest.starts(with: word.unicodeScalars) {
            rest.removeFirst(word.unicodeScalars.count)
            skipSpaces()
            return isAfternoon
        }
        return nil
    }

    private func hours(_ hour: Int, _ isAfternoon: Bool?) -> Int? {
        guard let isAfternoon else { return hour }
        guard hour <= 12 else { return nil }
        return hour % 12 + (isAfternoon ? 12 : 0)
    }

    private mutating func fractionOfSecond() -> Int? {
        let run = rest.prefix { $0.isDigit }
        guard !run.isEmpty, run.count <= 9 else { return nil }
        rest.removeFirst(run.count)
        return (0..<3).reduce(0) { number, place in
            number * 10 + (place < run.count ? run[run.startIndex + place].digitValue : 0)
        }
    }

    /// Minutes before UTC's clock; nil where no zone is given.
    private mutating func zone() -> Int? {
        let start = rest
        skipSpaces()
        guard !rest.isEmpty else { return nil }
        for (word, minutes) in [("Z", 0), ("UTC", 0), ("GMT", 0), ("JST", Self.japan)]
        where rest.elementsEqual(word.unicodeScalars) {
            rest = []
            return minutes
        }
        guard let sign = rest.first, sign == "+" || sign == "-" else {
            rest = start
            return nil
        }
        rest.removeFirst()
        let hours = number(2) ?? 99
        _ = take(":")
        let minutes = rest.isEmpty ? 0 : number(2) ?? 99
        guard hours <= 14, minutes < 60 else {
            // What is left is no time.
            rest = start
            return nil
        }
        return (hours * 60 + minutes) * (sign == "-" ? -1 : 1)
    }

    // MARK: Parts

    private mutating func skipSpaces() { rest = rest.drop { $0 == " " || $0 == "\t" } }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard rest.first == sign else { return false }
        rest.removeFirst()
        return true
    }

    /// A number of exactly so many digits.
    private mutating func number(_ digits: Int) -> Int? {
        let run = rest.prefix(digits).prefix { $0.isDigit }
        guard digits > 0, run.count == digits else { return nil }
        rest.removeFirst(digits)
        return run.reduce(0) { $0 * 10 + $1.digitValue }
    }

    private mutating func number(upTo digits: Int) -> Int? {
        let run = rest.prefix { $0.isDigit }.count
        return run <= digits ? number(run) : nil
    }
}

extension Unicode.Scalar {
    /// Whether it is one of 0 to 9.
    fileprivate var isDigit: Bool { (0x30...0x39).contains(value) }
    /// The number that one of 0 to 9 stands for.
    fileprivate var digitValue: Int { Int(value) - 0x30 }
}
