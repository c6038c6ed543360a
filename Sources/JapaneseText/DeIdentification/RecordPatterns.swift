// SPDX-License-Identifier: Apache-2.0

/// Finds what records say of persons: by field labels, titles, postal marks, prefectures, dates.
struct RecordPatterns {
    /// What may begin at a scalar.
    private struct Triggers: OptionSet {
        let rawValue: UInt16
        static let label = Triggers(rawValue: 1)
        static let title = Triggers(rawValue: 2)
        static let place = Triggers(rawValue: 4)
        static let date = Triggers(rawValue: 8)
        static let kin = Triggers(rawValue: 16)
        static let surname = Triggers(rawValue: 32)
        static let digit = Triggers(rawValue: 64)
        static let institution = Triggers(rawValue: 128)
        static let institutionEnd = Triggers(rawValue: 256)
        static let latin = Triggers(rawValue: 512)
        static let section = Triggers(rawValue: 1024)
        static let kana = Triggers(rawValue: 2048)
        static let building = Triggers(rawValue: 4096)
        static let dot = Triggers(rawValue: 8192)
    }

    private let kinds: Set<PersonalInformationKind>
    private let findsLabelledTelephones: Bool
    private let seeksNames: Bool
    private let seeksAddresses: Bool
    private let seeksBirths: Bool
    private let seeksPostalCodes: Bool
    private let seeksIndividualNumbers: Bool
    private let seeksInstitutions: Bool
    private let seeksOtherNumbers: Bool
    private let seeksBareWebAddresses: Bool

    init(kinds: Set<PersonalInformationKind>, edition: PersonalInformationFinder.Edition) {
        self.kinds = kinds
        findsLabelledTelephones = edition == .labels && kinds.contains(.telephone)
        seeksNames = kinds.contains(.name)
        seeksAddresses = kinds.contains(.address)
        seeksBirths = kinds.contains(.birthDate)
        seeksPostalCodes = kinds.contains(.postalCode)
        seeksIndividualNumbers = kinds.contains(.individualNumber)
        seeksInstitutions = kinds.contains(.institution)
        seeksOtherNumbers = kinds.contains(.otherNumber)
        seeksBareWebAddresses = edition == .labels && kinds.contains(.url)
    }

    /// What is found; matches may overlap.
    func matches(in values: [UInt32]) -> [PersonalInformationMatch] {
        var found: [PersonalInformationMatch] = []
        // Nothing that is looked back for may reach into what was found before it.
        var floor = 0
        // A label may have found something further on; what lies before it is still looked at.
        var ahead: [Range<Int>] = []
        for index in values.indices {
            let value = values[index]
            guard value <= 0xFFFF else { continue }
            let triggers = Self.triggers[Int(value)]
            if triggers.isEmpty { continue }
            let before = found.count
            if !ahead.isEmpty {
                for range in ahead where range.lowerBound <= index {
                    floor = max(floor, range.upperBound)
                }
                ahead.removeAll { $0.lowerBound <= index }
            }
            collect(triggers, in: values, at: index, notBefore: floor, into: &found)
            for match in found[before...] where match.kind == .name {
                let end = match.range.upperBound
                let title = NameParts.titles.end(in: values, at: end) ?? end
                if let reading = LabelledNames.readingInBrackets(in: values, after: title) {
                    found.append(PersonalInformationMatch(kind: .name, range: reading))
                }
            }
            for match in found[before...] {
                if match.range.lowerBound <= index {
                    floor = max(floor, match.range.upperBound)
                } else {
                    ahead.append(match.range)
                }
            }
        }
        for (label, end) in TableColumns.fields(in: values) {
            let before = found.count
            field(label, in: values, into: &found)
            while found.count > before, found[found.count - 1].range.upperBound > end {
                found.removeLast()
            }
        }
        return seeksNames ? found + NameEchoes.matches(of: found, in: values) : found
    }

    private func collect(
        _ triggers: Triggers, in values: [UInt32], at index: Int, notBefore floor: Int,
        into found: inout [PersonalInformationMatch]
    ) {
        func add(_ kind: PersonalInformationKind, _ range: Range<Int>?) {
            if let range { found.append(PersonalInformationMatch(kind: kind, range: range)) }
        }
        if triggers.contains(.label), let label = FieldLabel.at(index, in: values) {
            field(label, in: values, into: &found)
        }
        if triggers.contains(.place) { place(in: values, at: index, floor, into: &found) }
        // What lies in something found is not looked at by itself.
        guard index >= floor else { return }
        if triggers.contains(.digit) {
            if seeksPostalCodes {
                add(.postalCode, PostalCode.beforePrefecture(in: values, at: index))
            }
            if seeksIndividualNumbers {
                add(.individualNumber, IndividualNumber.checked(in: values, at: index))
            }
        }
        // Numbers are looked at from their first digit on.
        if triggers.contains(.digit), !CharacterClasses.isDigit(values[safe: index - 1]) {
            if seeksAddresses {
                add(.address, Address.aroundHouse(in: values, at: index, notBefore: floor))
                add(.address, Address.inLatin(in: values, at: index))
                add(.address, Dwelling.street(in: values, at: index))
            }
            if seeksOtherNumbers {
                add(.otherNumber, OtherNumbers.card(in: values, at: index))
                add(.otherNumber, OtherNumbers.internetAddress(in: values, at: index))
                add(
                    .otherNumber,
                    OtherNumbers.plateAround(index, in: values, notBefore: floor))
            }
            if findsLabelledTelephones {
                add(.telephone, TelephoneNumber.spaced(in: values, at: index))
                add(.telephone, TelephoneNumber.spacedHome(in: values, at: index))
                add(.telephone, TelephoneNumber.spacedAbroad(in: values, at: index))
                add(.telephone, TelephoneNumber.pair(in: values, at: index))
            }
        }
        if triggers.contains(.date), seeksBirths {
            add(
                .birthDate,
                BirthDate.beforeBirth(in: values, at: index)
                    ?? BirthDate.eraYear(in: values, at: index))
        }
        if triggers.contains(.latin), seeksAddresses {
            add(.address, Dwelling.latin(in: values, at: index))
        }
        if triggers.contains(.building), seeksAddresses {
            add(.address, Dwelling.room(in: values, at: index, notBefore: floor))
            add(.address, Dwelling.beforeRoom(in: values, at: index, notBefore: floor))
        }
        if triggers.contains(.section), seeksAddresses {
            add(
                .address,
                Address.withoutMunicipality(in: values, at: index, notBefore: floor))
        }
        if seeksInstitutions {
            if triggers.contains(.institutionEnd) {
                add(.institution, Institution.ending(at: index, in: values, notBefore: floor))
            }
            // Hospital, Clinic, University, Infirmary
            if [0x48, 0x43, 0x55, 0x49].contains(values[index]) {
                add(
                    .institution,
                    LatinInstitution.ending(at: index, in: values, notBefore: floor))
            }
            if triggers.contains(.institution) {
                add(.institution, Institution.announced(in: values, at: index))
                add(.institution, Institution.beforeForm(index, in: values, notBefore: floor))
            }
        }
        if triggers.contains(.latin), seeksBareWebAddresses {
            add(.url, OtherNumbers.bareWebAddress(in: values, at: index))
        }
        guard seeksNames else { return }
        if triggers.contains(.latin), values[index] < 0x5B {
            add(.name, RomanName.inFull(in: values, at: index))
            add(.name, RomanName.honoured(in: values, at: index))
            add(.name, RomanName.suffixed(in: values, at: index))
        }
        if triggers.contains(.dot) {
            add(.name, ForeignName.around(index, in: values, notBefore: floor))
        }
        if triggers.contains(.kana) { add(.name, KinNames.reading(in: values, at: index)) }
        if triggers.contains(.title) {
            add(.name, TitledNames.before(index, in: values, notBefore: floor))
            add(.name, KinNames.afterDoctor(in: values, at: index))
        }
        if triggers.contains(.kin) { add(.name, KinNames.range(in: values, at: index)) }
        if triggers.contains(.surname) { surname(in: values, at: index, into: &found) }
    }

    /// What begins with a surname, or like one.
    private func surname(
        in values: [UInt32], at index: Int, into found: inout [PersonalInformationMatch]
    ) {
        let ends = NameLists.surnameEnds(in: values, at: index)
        let name =
            KinNames.inFull(in: values, at: index, ends: ends)
            ?? LoneSurname.range(in: values, at: index, ends: ends)
        if let name { found.append(PersonalInformationMatch(kind: .name, range: name)) }
    }

    private func place(
        in values: [UInt32], at index: Int, _ floor: Int,
        into found: inout [PersonalInformationMatch]
    ) {
        func add(_ kind: PersonalInformationKind, _ range: Range<Int>?) {
            if let range { found.append(PersonalInformationMatch(kind: kind, range: range)) }
        }
        if values[index] == PostalCode.mark {
            if seeksPostalCodes { add(.postalCode, PostalCode.marked(in: values, at: index)) }
            return
        }
        guard seeksAddresses, index >= floor else { return }
        if Address.isMunicipality(values[index]) {
            add(
                .address,
                Address.aroundMunicipality(in: values, at: index, notBefore: floor))
        } else {
            add(
                .address,
                Address.fromPrefecture(in: values, at: index)
                    ?? Address.fromKanaPrefecture(in: values, at: index))
        }
    }

    private func field(
        _ label: FieldLabel, in values: [UInt32],
        into found: inout [PersonalInformationMatch]
    ) {
        func add(_ kind: PersonalInformationKind, _ range: Range<Int>?) {
            if let range, kinds.contains(kind) {
                found.append(PersonalInformationMatch(kind: kind, range: range))
            }
        }
        switch label.content {
        case .person, .role, .function, .reading:
            guard seeksNames else { return }
            for range in LabelledNames.ranges(of: label, in: values) { add(.name, range) }
        case .residence:
            add(.address, Address.labelled(label, in: values))
        case .otherNumber, .accountName:
            guard seeksOtherNumbers else { return }
            add(.otherNumber, OtherNumbers.labelled(label, in: values))
        case .birthDate:
            add(.birthDate, BirthDate.labelled(label, in: values))
        case .telephone, .extensionNumber, .contact:
            if findsLabelledTelephones, let match = LabelledNumbers.matches(of: label, in: values) {
                add(match.kind, match.range)
            }
            if label.content == .contact {
                add(.address, Address.labelled(label, in: values))
                for range in LabelledNames.ranges(of: label, in: values) { add(.name, range) }
            }
        case .postalCode, .patientID, .insuranceNumber, .individualNumber:
            guard let match = LabelledNumbers.matches(of: label, in: values) else {
                if label.content == .insuranceNumber {
                    add(.insuranceNumber, LabelledNumbers.numberAfterLetters(of: label, in: values))
                }
                return
            }
            add(match.kind, match.range)
            if label.content == .insuranceNumber {
                add(
                    .insuranceNumber,
                    LabelledNumbers.numberAfterSign(in: values, after: match.range.upperBound))
            }
        }
    }

    // MARK: Triggers

    private static let triggers: [Triggers] = {
        var table = [Triggers](repeating: [], count: 0x10000)
        func mark(_ values: some Sequence<UInt32>, _ trigger: Triggers) {
            for value in values where value <= 0xFFFF { table[Int(value)].insert(trigger) }
        }
        mark(FieldLabel.firsts, .label)
        mark(TitledNames.titles.firsts, .title)
        mark(KinNames.doctorFirsts, .title)
        mark(KinNames.kin.firsts, .kin)
        mark(Address.prefectures.firsts, .place)
        mark(Address.kanaPrefectures.firsts, .place)
        mark([PostalCode.mark, 0x5E02, 0x533A, 0x753A, 0x6751, 0x90E1], .place)
        mark(BirthDate.firsts, .date)
        mark(0x30...0x39, [.digit, .date])
        mark(NameLists.surnameFirsts, .surname)
        mark(InstitutionWords.announcing.firsts, .institution)
        mark(InstitutionWords.forms.firsts, .institution)
        mark(InstitutionWords.lasts, .institutionEnd)
        mark(0x41...0x5A, .latin)
        mark(0x61...0x7A, .latin)
        mark(Readings.firsts, .kana)
        mark(Dwelling.firsts, .building)
        mark([0x53F7], .building)
        mark([0x30FB], .dot)
        mark([0x4E01, 0x756A, 0x5927, 0x5B57, 0x901A], .section)
        mark([0x2B], .digit)
        return table
    }()
}
