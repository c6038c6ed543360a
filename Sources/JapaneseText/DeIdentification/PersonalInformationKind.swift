// SPDX-License-Identifier: Apache-2.0

/// What kind of personal information a match is; the raw value is its name in configuration files.
package enum PersonalInformationKind: String, CaseIterable, Codable, Hashable, Sendable {
    /// Telephone and fax numbers.
    case telephone
    /// Mail addresses.
    case email
    /// Addresses on the web.
    case url
    /// Accounts after an at-sign (`@clinic`); only in text to train on, for `3L@NC` looks alike.
    case account
    /// Tags after a number sign (`#健康`); only in text to train on, for `#1 肺癌` looks alike.
    case tag
    /// Postal codes, with their mark.
    case postalCode = "postal-code"
    /// Where somebody lives: from prefecture or municipality to building and room.
    case address
    /// Numbers of patients and of their records, where a field label names them.
    case patientID = "patient-id"
    /// Numbers of insurers and insured, where a field label names them.
    case insuranceNumber = "insurance-number"
    /// Individual numbers (マイナンバー), by label or by their check digit.
    case individualNumber = "individual-number"
    /// Dates of birth; no other dates.
    case birthDate = "birth-date"
    /// Names of persons, where a title or a field label gives them away.
    case name
    /// Names of hospitals, homes, schools, firms and offices, where somebody is treated, lives or works.
    case institution
    /// Numbers of bank accounts, cards, licences and vehicles, and accounts on the web by their labels.
    case otherNumber = "other-number"

    /// The kinds that cleaning version 1 looks for in records.
    package static let contacts: Set<PersonalInformationKind> = [.telephone, .email, .url]
    /// The kinds that cleaning version 1 looks for in text to train a language model on.
    package static let webWriting: Set<PersonalInformationKind> =
        contacts.union([.account, .tag])
    /// All that records hold: every kind but the two of writing on the web.
    package static let records: Set<PersonalInformationKind> =
        Set(allCases).subtracting([.account, .tag])

    /// What a reader sees in its place, between brackets: `氏名` in `［氏名］`.
    package var word: String {
        switch self {
        case .telephone: "電話"
        case .email: "メール"
        case .url: "ＵＲＬ"
        case .account: "アカウント"
        case .tag: "タグ"
        case .postalCode: "郵便番号"
        case .address: "住所"
        case .patientID: "患者番号"
        case .insuranceNumber: "保険番号"
        case .individualNumber: "個人番号"
        case .birthDate: "生年月日"
        case .name: "氏名"
        case .institution: "施設名"
        case .otherNumber: "その他の番号"
        }
    }
}
