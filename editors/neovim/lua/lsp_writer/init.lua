local M = {}

---`message` is about the state, `reason` says why the last request was answered with nothing.
---@alias lsp_writer.Status { state: string, message: string, reason: string }

local last_status ---@type lsp_writer.Status?

---Called for every buffer that the server attaches to.
---@param client vim.lsp.Client
---@param buffer integer
function M.attach(client, buffer)
  local accept
  if vim.lsp.inline_completion then
    -- Neovim 0.12 draws ghost text itself.
    vim.lsp.inline_completion.enable(true, { bufnr = buffer, client_id = client.id })
    accept = vim.lsp.inline_completion.get
  else
    accept = require('lsp_writer.ghost_text').attach(client, buffer)
  end
  require('lsp_writer.tab').map(client, buffer, accept)
end

---@param status lsp_writer.Status
function M.on_status(status)
  last_status = status
  vim.cmd.redrawstatus({ bang = true })
end

---What the server last said of itself, for a status line: `%{v:lua.require'lsp_writer'.status()}`.
---@return string
function M.status()
  if not last_status then
    return ''
  end
  local told = last_status.reason ~= '' and last_status.reason or last_status.message
  return told == '' and last_status.state or ('%s: %s'):format(last_status.state, told)
end

return M
