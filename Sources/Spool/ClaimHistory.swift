// SPDX-License-Identifier: Apache-2.0

/// What has befallen a claim: how often the daemon ended while this document was alone in hand.
///
/// In a name it has always six letters, so that a claim's name keeps its length: `k07c1a` is a document
/// that was alone in hand at seven ends that were kills and one that was a crash, and that is alone in
/// hand now; `w` for `a` stands for one that waits, or that others are in hand with.
struct ClaimHistory: Hashable {
    /// Ends that the program did not bring about: a kill, a loss of power. At most 99 are counted.
    private(set) var kills = 0
    /// Ends by a fault of the program while it had this document alone. At most 9 are counted.
    private(set) var crashes = 0
    /// Whether nothing else is in hand.
    var isAlone: Bool

    init(isAlone: Bool) { self.isAlone = isAlone }

    /// Reads the six letters, or the one digit of earlier versions, which says nothing of crashes.
    init?(_ text: String) {
        let letters = Array(text.utf8)
        if letters.count == 1, (48...57).contains(letters[0]) {
            isAlone = false
            return
        }
        guard letters.count == 6, letters[0] == UInt8(ascii: "k"), letters[3] == UInt8(ascii: "c"),
            [letters[1], letters[2], letters[4]].allSatisfy({ (48...57).contains($0) }),
            letters[5] == UInt8(ascii: "a") || letters[5] == UInt8(ascii: "w")
        else { return nil }
        kills = Int(letters[1] - 48) * 10 + Int(letters[2] - 48)
        crashes = Int(letters[4] - 48)
        isAlone = letters[5] == UInt8(ascii: "a")
    }

    /// The six letters.
    var text: String { "k\(kills / 10)\(kills % 10)c\(crashes)\(isAlone ? "a" : "w")" }

    /// How often a document has been begun, if it is begun now.
    var attempt: Int { kills + crashes + 1 }

    /// The same after an end of the daemon; only what was alone in hand counts.
    func after(_ end: FormerEnd) -> ClaimHistory {
        var later = self
        later.isAlone = false
        guard isAlone else { return later }
        switch end {
        case .none: break
        case .killed: later.kills = min(99, kills + 1)
        case .crashed: later.crashes = min(9, crashes + 1)
        }
        return later
    }
}

/// How the daemon that left something in `processing/` has ended.
package enum FormerEnd: Hashable, Sendable {
    /// It has not: this is a recovery within a run.
    case none
    /// Without a word: by SIGKILL, for want of memory, with the machine.
    case killed
    /// By a fault of its own while one document was alone in hand.
    case crashed
}
