// SPDX-License-Identifier: Apache-2.0
import Foundation
import TOMLFiles

/// The values of one TOML file by dotted key, each read once with its type and range.
///
/// It remembers which keys were asked for, so that what is left over is what nobody knows.
struct ConfigurationReader {
    private let top: TOMLSection<ConfigurationError>
    private let base: URL
    private var known: Set<String> = []

    init(toml: String, file: String) throws(ConfigurationError) {
        top = try TOMLSection(text: toml, file: file)
        base = URL(filePath: file).absoluteURL.deletingLastPathComponent()
    }

    /// The table that a dotted key stands in and its name there; nil where there is no such table.
    private mutating func place(
        _ key: String
    ) throws(ConfigurationError) -> (section: TOMLSection<ConfigurationError>, name: String)? {
        known.insert(key)
        var names = key.split(separator: ".").map(String.init)
        guard let name = names.popLast() else { return nil }
        var section = top
        for outer in names {
            guard let inner = try section.section(outer) else { return nil }
            section = inner
        }
        return (section, name)
    }

    mutating func text(_ key: String, default other: String) throws(ConfigurationError) -> String {
        guard let place = try place(key) else { return other }
        return try place.section.string(place.name, default: other)
    }

    /// An absolute path; a relative one is taken from the directory of the configuration file.
    mutating func path(_ key: String, default other: String) throws(ConfigurationError) -> String {
        try absolute(text(key, default: other), key)
    }

    private func absolute(_ text: String, _ key: String) throws(ConfigurationError) -> String {
        guard !text.isEmpty else { throw top.outOfRange(key, "empty", allowed: "a path") }
        return URL(filePath: text, relativeTo: base).absoluteURL.standardizedFileURL
            .path(percentEncoded: false)
    }

    /// As `path`, with the empty string for none.
    mutating func optionalPath(_ key: String) throws(ConfigurationError) -> String? {
        try text(key, default: "").isEmpty ? nil : path(key, default: "")
    }

    /// Paths, relative ones taken from the directory of the file; none where the key is lacking.
    mutating func paths(_ key: String) throws(ConfigurationError) -> [String] {
        guard let place = try place(key), place.section.has(place.name) else { return [] }
        return try place.section.strings(place.name).map { text throws(ConfigurationError) in
            try absolute(text, key)
        }
    }

    mutating func integer(
        _ key: String, default other: Int, in allowed: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int {
        guard let place = try place(key) else { return other }
        return try place.section.integer(place.name, in: allowed, default: other)
    }

    /// A number with or without fraction.
    mutating func number(
        _ key: String, default other: Double, in allowed: ClosedRange<Double>
    ) throws(ConfigurationError) -> Double {
        guard let place = try place(key) else { return other }
        return try place.section.number(place.name, in: allowed, default: other)
    }

    mutating func boolean(_ key: String, default other: Bool) throws(ConfigurationError) -> Bool {
        guard let place = try place(key) else { return other }
        return try place.section.bool(place.name, default: other)
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, default other: Choice
    ) throws(ConfigurationError) -> Choice where Choice.RawValue == String {
        guard let place = try place(key) else { return other }
        return try place.section.choice(place.name, default: other)
    }

    /// A list of names; an unknown one is an error that says which.
    mutating func choices<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ key: String, default other: Set<Choice>
    ) throws(ConfigurationError) -> Set<Choice> where Choice.RawValue == String {
        guard let place = try place(key) else { return other }
        return try place.section.choices(place.name, default: other)
    }

    /// A table that is read elsewhere, with all keys in it; nil where there is none.
    mutating func section(
        _ key: String
    ) throws(ConfigurationError) -> TOMLSection<ConfigurationError>? {
        guard let place = try place(key) else { return nil }
        return try place.section.section(place.name)
    }

    /// Throws ``ConfigurationError/unknownKey(file:key:nearest:)`` for the first key or section never
    /// asked for.
    func refuseUnknown() throws(ConfigurationError) { try refuseUnknown(in: top) }

    private func refuseUnknown(
        in section: TOMLSection<ConfigurationError>
    ) throws(ConfigurationError) {
        for key in section.keys {
            let name = section.name(key)
            if known.contains(name) { continue }
            guard known.contains(where: { $0.hasPrefix(name + ".") }),
                let inner = try section.section(key)
            else {
                throw section.fault(.unknownKey(name, nearest: nearest(to: name)))
            }
            try refuseUnknown(in: inner)
        }
    }

    /// The known key or section, of as many parts, that is spelt most like a name.
    private func nearest(to name: String) -> String? {
        let parts = name.split(separator: ".").count
        let candidates = Set(
            known.map { $0.split(separator: ".").prefix(parts).joined(separator: ".") })
        return Spelling.nearest(to: name, among: candidates.sorted())
    }
}
