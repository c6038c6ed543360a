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

    /// The kinds that cleaning version 1 looks for in records.
    package static let contacts: Set<PersonalInformationKind> = [.telephone, .email, .url]
    /// The kinds that cleaning version 1 looks for in text to train a language model on.
    package static let webWriting: Set<PersonalInformationKind> =
        contacts.union([.account, .tag])
}

/// A stretch of folded text that is personal information.
struct PersonalInformationMatch: Hashable, Sendable {
    /// What it is.
    let kind: PersonalInformationKind
    /// Where it stands, in scalars of the folded text.
    let range: Range<Int>
}
