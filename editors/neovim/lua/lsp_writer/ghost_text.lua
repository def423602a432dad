-- Ghost text for Neovim 0.11, which has no inline completion of its own.
local M = {}

local NAMESPACE = vim.api.nvim_create_namespace('lsp_writer.ghost_text')

---One suggestion. Positions are (0,0)-indexed, in bytes.
---@class lsp_writer.Suggestion
---@field text string begins with what is already typed between `column` and the caret
---@field line integer
---@field column integer where the half-typed word begins

---@class lsp_writer.GhostText
---@field client vim.lsp.Client
---@field buffer integer
---@field suggestion? lsp_writer.Suggestion
---@field request? integer the request under way
---@field asked? string the place that the last request was for
local GhostText = {}
GhostText.__index = GhostText

---@return integer line, integer column
local function caret()
  local position = vim.api.nvim_win_get_cursor(0)
  return position[1] - 1, position[2]
end

---What the suggestion would add at the caret, or nil where the writer typed something else or moved away.
---@return string?
function GhostText:remainder()
  local suggestion = self.suggestion
  local line, column = caret()
  if not suggestion or line ~= suggestion.line or column < suggestion.column then
    return nil
  end
  local typed = vim.api.nvim_buf_get_text(self.buffer, line, suggestion.column, line, column, {})[1]
  if not vim.startswith(suggestion.text, typed) or #typed == #suggestion.text then
    return nil
  end
  return suggestion.text:sub(#typed + 1)
end

---Draw what is left of the suggestion, so that typing along with it does not flicker.
function GhostText:draw()
  vim.api.nvim_buf_clear_namespace(self.buffer, NAMESPACE, 0, -1)
  local text = self:remainder()
  if not text then
    self.suggestion = nil
    return
  end
  local lines = vim.split(text, '\n', { plain = true })
  local below = vim.tbl_map(function(line)
    return { { line, 'LspWriterGhostText' } }
  end, vim.list_slice(lines, 2))
  local line, column = caret()
  vim.api.nvim_buf_set_extmark(self.buffer, NAMESPACE, line, column, {
    virt_text = { { lines[1], 'LspWriterGhostText' } },
    virt_text_pos = 'inline',
    virt_lines = below,
    hl_mode = 'combine',
  })
end

function GhostText:clear()
  self:cancel()
  self.suggestion = nil
  vim.api.nvim_buf_clear_namespace(self.buffer, NAMESPACE, 0, -1)
end

---Take the server's answer to a question asked at `position`.
---@param result? { items: table[] } | table[]
---@param position lsp.Position
function GhostText:receive(result, position)
  local item = result and (result.items or result)[1]
  self.suggestion = nil
  if item then
    local range = item.range or { start = position, ['end'] = position }
    local line = vim.api.nvim_buf_get_lines(self.buffer, position.line, position.line + 1, true)[1]
    self.suggestion = {
      text = type(item.insertText) == 'table' and item.insertText.value or item.insertText,
      line = position.line,
      column = vim.str_byteindex(line, self.client.offset_encoding, range.start.character, false),
    }
  end
  self:draw()
end

---Where the caret stands in which state of the text: an answer is worth showing only in the place it was asked for.
---@return string
local function place_now()
  local buffer = vim.api.nvim_get_current_buf()
  local line, column = caret()
  return table.concat({ buffer, vim.api.nvim_buf_get_changedtick(buffer), line, column }, ' ')
end

---Ask for a suggestion at the caret.
function GhostText:ask()
  local place = place_now()
  if place == self.asked then
    return -- typing moves the caret too: one key, two events
  end
  self:cancel()
  self.asked = place
  local params = vim.lsp.util.make_position_params(0, self.client.offset_encoding)
  params.context = { triggerKind = 2 } -- 1: on request, 2: while typing
  local _, request = self.client:request('textDocument/inlineCompletion', params, function(error, result)
    if self.asked ~= place then
      return -- cancelled, or a newer question is out
    end
    self.request = nil
    local inserting = vim.api.nvim_get_mode().mode:sub(1, 1) == 'i'
    if not error and inserting and place_now() == place then
      self:receive(result, params.position)
    end
  end, self.buffer)
  self.request = request
end

function GhostText:cancel()
  if self.request then
    self.client:cancel_request(self.request)
  end
  self.request = nil
  self.asked = nil
end

---Insert what is left of the suggestion, as one step of the undo history.
---@return boolean accepted
function GhostText:accept()
  local text = self:remainder()
  if not text then
    return false
  end
  self:clear()
  local line, column = caret()
  local lines = vim.split(text, '\n', { plain = true })
  vim.go.undolevels = vim.go.undolevels -- ends the undo step of the typing before
  vim.api.nvim_buf_set_text(self.buffer, line, column, line, column, lines)
  local last = #lines[#lines] + (#lines == 1 and column or 0)
  vim.api.nvim_win_set_cursor(0, { line + #lines, last })
  return true
end

---@param client vim.lsp.Client
---@param buffer integer
---@return fun(): boolean accept
function M.attach(client, buffer)
  local ghost_text = setmetatable({ client = client, buffer = buffer }, GhostText)
  -- Not a link to Comment, which has no colour of its own in a terminal without true colour.
  local grey = vim.o.background == 'light' and 'NvimDarkGrey4' or 'NvimLightGrey4'
  vim.api.nvim_set_hl(0, 'LspWriterGhostText', { fg = grey, ctermfg = 8, italic = true, default = true })
  local group = vim.api.nvim_create_augroup('lsp_writer.ghost_text.' .. buffer, {})
  local function on(events, callback)
    vim.api.nvim_create_autocmd(events, { group = group, buffer = buffer, callback = callback })
  end
  local function update()
    ghost_text:draw()
    ghost_text:ask()
  end

  on({ 'TextChangedI', 'CursorMovedI' }, update)
  on('InsertEnter', vim.schedule_wrap(update)) -- only afterwards is the caret where `A` or `o` puts it
  on({ 'InsertLeave', 'BufLeave', 'TextChangedP' }, function()
    ghost_text:clear()
  end)
  on('LspDetach', function(event)
    if event.data.client_id == client.id then
      ghost_text:clear()
      vim.api.nvim_del_augroup_by_id(group)
    end
  end)
  return function()
    return ghost_text:accept()
  end
end

return M
