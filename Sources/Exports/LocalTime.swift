// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation

/// Times as exports write them: ISO 8601 in Japan's time with its offset, as exactly as they were given.
enum LocalTime {
    private static let zone = TimeZone(secondsFromGMT: 9 * 3600) ?? .gmt

    /// `2026`, `2026-03`, `2026-03-01`, `2026-03-01T09:00+09:00`, `2026-03-01T09:00:00+09:00`; nil for what
    /// is no time.
    static func text(_ written: String?) -> String? {
        guard let time = written.flatMap(StatedTime.init) else { return nil }
        let whole = dateTime(time)
        return switch time.precision {
        case .year: String(whole.prefix(4))
        case .month: String(whole.prefix(7))
        case .day: String(whole.prefix(10))
        case .hour, .minute: String(whole.prefix(16)) + "+09:00"
        case .second: String(whole.prefix(19)) + "+09:00"
        }
    }

    /// The day in Japan, `2026-03-01`; of a year or month its first.
    static func day(_ time: StatedTime) -> String { String(dateTime(time).prefix(10)) }

    /// The day and the time of day in Japan, `2026-03-01T09:00:00`.
    static func dateTime(_ time: StatedTime) -> String {
        let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)
        return String(date.formatted(Date.ISO8601FormatStyle(timeZone: zone)).prefix(19))
    }

    /// The day in UTC of a time in milliseconds from 1970, `2026-03-01`.
    static func day(millisecondsInUTC milliseconds: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        return String(date.formatted(Date.ISO8601FormatStyle(timeZone: .gmt)).prefix(10))
    }
}
