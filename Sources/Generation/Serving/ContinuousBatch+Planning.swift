// SPDX-License-Identifier: Apache-2.0
extension ContinuousBatch {
    /// What the next pass computes: in the order of admission the next token of a text, as much of a
    /// prompt as there are rows left, or as many labels as there is room for.
    ///
    /// Those that came first take first, so that each is finished some day, and a text that is being
    /// written never waits for a prompt that came after it.
    func plan(isLong: Bool) -> [PlannedRows] {
        var plan: [PlannedRows] = []
        var rows = budget.rows
        var freeBlocks: Int?
        for (index, sequence) in running.enumerated() where sequence.isLong == isLong {
            guard rows > 0 else { break }
            let unread = sequence.unread.prefix(rows)
            if !unread.isEmpty {
                let isLast = unread.endIndex == sequence.tokens.endIndex
                plan.append(
                    PlannedRows(
                        sequence: index, label: nil, tokens: unread, wanted: isLast ? 1 : 0))
                rows -= unread.count
            } else if case .choice(let choice) = sequence.work {
                // Of blocks that no one may claim, and those reserved for the request itself.
                let free = freeBlocks ?? max(0, budget.blocks - reservedBlocks)
                var room = free + choice.branchBlocks
                plan += branches(of: choice, index, sequence.promptCount, &rows, &room)
                freeBlocks = min(free, room)
            }
        }
        return plan
    }

    private func branches(
        of choice: ChoiceProgress, _ index: Int, _ prompt: Int, _ rows: inout Int,
        _ room: inout Int
    ) -> [PlannedRows] {
        var plan: [PlannedRows] = []
        for label in (choice.nextLabel ?? choice.labels.count)..<choice.labels.count {
            let tokens = choice.labels[label].dropLast()
            guard !tokens.isEmpty else { continue }
            let blocks = ChoiceProgress.branchBlocks(prompt: prompt, label: choice.labels[label])
            guard tokens.count <= rows, blocks <= room else { break }
            plan.append(
                PlannedRows(sequence: index, label: label, tokens: tokens, wanted: tokens.count))
            rows -= tokens.count
            room -= blocks
        }
        return plan
    }
}
