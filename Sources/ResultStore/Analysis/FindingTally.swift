// SPDX-License-Identifier: Apache-2.0

/// Who has what in which month: patients counted once for each code, or else for each standard name, whatever
/// else a code is called.
struct FindingTally {
    /// What a mention is counted as at first, before codes are compared.
    private struct Name: Hashable {
        let type: String
        /// Standard name and code; not both are nil.
        let name, code: String?
    }

    /// Patients with the months in which they have it.
    private struct Patients {
        /// Numbers of a month and a patient, of which the upper half is the month's.
        var months: Set<UInt64> = []

        mutating func insert(_ patient: UInt32, month: UInt32) {
            months.insert(UInt64(month) << 32 | UInt64(patient))
        }

        /// How many there are.
        var count: Int { Set(months.map { UInt32(truncatingIfNeeded: $0) }).count }
    }

    /// So many names of one code are told; of more, that there are more.
    private static let mostNames = 3

    private var found: [Name: Patients] = [:]
    private var patients: [String: UInt32] = [:]
    private var months: [String] = []
    private var documentsWithoutPatient: UInt32 = 0

    /// The patient and the month of a document, for the mentions in it.
    struct Place {
        fileprivate let patient, month: UInt32
    }

    /// The place of a document; one that names no patient stands for a patient of its own.
    mutating func place(patient: String?, month: String) -> Place {
        let monthNumber = months.lastIndex(of: month) ?? months.count
        if monthNumber == months.count { months.append(month) }
        guard let patient else {
            documentsWithoutPatient += 1
            return Place(patient: .max - documentsWithoutPatient, month: UInt32(monthNumber))
        }
        let number = patients[patient] ?? UInt32(patients.count)
        patients[patient] = number
        return Place(patient: number, month: UInt32(monthNumber))
    }

    /// Counts a mention that has a standard name or a code.
    mutating func add(type: String, name: String?, code: String?, at place: Place) {
        found[Name(type: type, name: name, code: code), default: Patients()]
            .insert(place.patient, month: place.month)
    }

    /// The findings of all types, in each type those that most patients have first.
    func findings() -> [ActivityNumbers.Finding] {
        let codes = codesOfNames()
        let groups = Dictionary(grouping: found.keys) { name in
            let code =
                name.code ?? name.name.flatMap { codes[Name(type: name.type, name: $0, code: nil)] }
            return code.map { Name(type: name.type, name: nil, code: $0) } ?? name
        }
        return groups.map { finding($0.key, calledBy: $0.value) }.sorted {
            ($0.type, $1.patients, $0.name) < ($1.type, $0.patients, $1.name)
        }
    }

    /// The code of each standard name that has one and no other, in whatever document.
    private func codesOfNames() -> [Name: String] {
        var codes: [Name: Set<String>] = [:]
        for name in found.keys where name.name != nil {
            guard let code = name.code else { continue }
            codes[Name(type: name.type, name: name.name, code: nil), default: []].insert(code)
        }
        return codes.compactMapValues { $0.count == 1 ? $0.first : nil }
    }

    private func finding(_ key: Name, calledBy names: [Name]) -> ActivityNumbers.Finding {
        let all = names.reduce(into: Patients()) { all, name in
            all.months.formUnion(found[name]?.months ?? [])
        }
        var byMonth: [String: Int] = [:]
        for month in all.months { byMonth[months[Int(month >> 32)], default: 0] += 1 }
        return ActivityNumbers.Finding(
            type: key.type, name: title(of: names) ?? key.code ?? "", code: key.code,
            patients: all.count, months: byMonth)
    }

    /// The standard names among these, the most frequent first; nil where there is none.
    private func title(of names: [Name]) -> String? {
        let named = names.compactMap { name in
            name.name.map { (name: $0, patients: found[name]?.count ?? 0) }
        }.sorted { ($1.patients, $0.name) < ($0.patients, $1.name) }
        guard !named.isEmpty else { return nil }
        var told: [String] = []
        for name in named.map(\.name) where !told.contains(name) { told.append(name) }
        let isLong = told.count > Self.mostNames
        return told.prefix(Self.mostNames).joined(separator: " / ") + (isLong ? " / …" : "")
    }
}
