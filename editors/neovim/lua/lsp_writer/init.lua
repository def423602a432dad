local M = {}

---`message` is about the state, `reason` says why the last request was answered with nothing.
---@alias lsp_writer.Status { state: string, message: string, reason: string }

local last_status ---@type lsp_writer.Status?

local attached = {} ---@type table<integer, lsp_writer.GhostText> by buffer

---@param ghost_text lsp_writer.GhostText
local function map_keys(ghost_text)
  local keys = {
    { '<Tab>', 'Accept the suggestion, or Tab', ghost_text.accept },
    { '<C-Right>', 'Accept a word of the suggestion', ghost_text.accept_word },
    { '<M-CR>', 'Accept a sentence of the suggestion', ghost_text.accept_sentence },
    { '<M-]>', 'Show the next suggestion', ghost_text.show_next },
    { '<M-[>', 'Show the suggestion before', ghost_text.show_previous },
    { '<C-e>', 'Dismiss the suggestion', ghost_text.dismiss },
    { '<M-\\>', 'Ask for suggestions', ghost_text.invoke },
  }
  for _, each in ipairs(keys) do
    local key, description, act = unpack(each)
    require('lsp_writer.keys').map(ghost_text.client, ghost_text.buffer, key, description, function()
      return act(ghost_text)
    end)
  end
end

---Called for every buffer that the server attaches to.
---@param client vim.lsp.Client
---@param buffer integer
function M.attach(client, buffer)
  attached[buffer] = require('lsp_writer.ghost_text').attach(client, buffer)
  map_keys(attached[buffer])
  vim.api.nvim_create_autocmd('LspDetach', {
    buffer = buffer,
    callback = function(event)
      if event.data.client_id == client.id then
        attached[buffer] = nil
        return true -- removes this autocommand
      end
    end,
  })
end

---@param status lsp_writer.Status
function M.on_status(status)
  last_status = status
  vim.cmd.redrawstatus({ bang = true })
end

---@param grown { uri: string, version: integer }
function M.on_grown(grown)
  local ghost_text = attached[vim.api.nvim_get_current_buf()]
  if ghost_text and vim.uri_from_bufnr(0) == grown.uri then
    ghost_text:refresh(grown.version)
  end
end

---Take away what is shown.
function M.dismiss()
  local ghost_text = attached[vim.api.nvim_get_current_buf()]
  if ghost_text then
    ghost_text:dismiss()
  end
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
