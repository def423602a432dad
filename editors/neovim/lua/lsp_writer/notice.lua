local M = {}

---Tell the writer something that they have not just asked for. Where an older message still stands, a new one beneath
---it would stop them with a prompt to press Enter; drawing the screen anew lets it take the older one's place.
---@param text string
function M.say(text)
  vim.cmd.redraw()
  vim.notify('Writer: ' .. text, vim.log.levels.WARN)
end

return M
