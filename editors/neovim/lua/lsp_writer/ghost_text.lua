-- Ghost text: drawn with the marks of Neovim 0.11, which has no inline completion of its own. That of 0.12 knows
-- neither parts of a suggestion nor one that grows.

local NAMESPACE = vim.api.nvim_create_namespace('lsp_writer.ghost_text')

-- As the server sees it: a full stop after a title or an initial ends nothing, nor a mark before a small letter.
local SENTENCE_END = [[\v\C%(<%(Mrs?|Ms|Dr|St|Mt|Prof|Capt|[A-HJ-Z]))@8<![.!?…]["'”’»)*_]*\ze\_s+\L]]
  .. [[|[。！？]["'”’」』）]*]]

---One suggestion. Positions are (0,0)-indexed, in bytes.
---@class lsp_writer.Suggestion
---@field text string begins with what is already typed between `column` and the caret
---@field line integer
---@field column integer where the half-typed word begins
---@field after string what stood after the caret on its line

---@class lsp_writer.GhostText
---@field client vim.lsp.Client
---@field buffer integer
---@field suggestions lsp_writer.Suggestion[]
---@field shown integer which of them is shown
---@field several boolean whether they are all there are: the writer has asked for them
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
  local suggestion = self.suggestions[self.shown]
  local line, column = caret()
  if not suggestion or line ~= suggestion.line or column < suggestion.column then
    return nil
  end
  local current = vim.api.nvim_get_current_line()
  local typed = current:sub(suggestion.column + 1, column)
  if not vim.startswith(suggestion.text, typed) or #typed == #suggestion.text then
    return nil
  end
  if current:sub(column + 1) ~= suggestion.after then
    return nil
  end
  return suggestion.text:sub(#typed + 1)
end

---Draw what is left of the suggestion, so that typing along with it does not flicker.
function GhostText:draw()
  vim.api.nvim_buf_clear_namespace(self.buffer, NAMESPACE, 0, -1)
  local text = self:remainder()
  if not text then
    self.suggestions = {}
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
  self.suggestions = {}
  vim.api.nvim_buf_clear_namespace(self.buffer, NAMESPACE, 0, -1)
end

---Take the server's answer to a question asked at `position`.
---@param items table[]
---@param position lsp.Position
function GhostText:receive(items, position)
  local line = vim.api.nvim_buf_get_lines(self.buffer, position.line, position.line + 1, true)[1]
  local function byte(place)
    return vim.str_byteindex(line, self.client.offset_encoding, place.character, false)
  end
  self.shown = 1
  self.suggestions = vim.tbl_map(function(item)
    return {
      text = type(item.insertText) == 'table' and item.insertText.value or item.insertText,
      line = position.line,
      column = byte(item.range and item.range.start or position),
      after = line:sub(byte(position) + 1),
    }
  end, items)
  self:draw()
end

---Where the caret stands in which state of the text: an answer is worth showing only in the place it was asked for.
---@return string
local function place_now()
  local buffer = vim.api.nvim_get_current_buf()
  local line, column = caret()
  return table.concat({ buffer, vim.api.nvim_buf_get_changedtick(buffer), line, column }, ' ')
end

---Ask for suggestions at the caret. The server says when it is worth asking the model, so every key asks at once.
---@param invoked boolean whether the writer wants to see several
---@param received? fun() called when they are there
function GhostText:fetch(invoked, received)
  local place = place_now()
  self:cancel()
  self.asked = place
  local params = vim.lsp.util.make_position_params(0, self.client.offset_encoding)
  params.context = { triggerKind = invoked and 1 or 2 }
  local _, request = self.client:request('textDocument/inlineCompletion', params, function(error, result)
    if self.asked ~= place then
      return -- cancelled, or a newer question is out
    end
    self.request = nil
    local inserting = vim.api.nvim_get_mode().mode:sub(1, 1) == 'i'
    if not error and inserting and place_now() == place then
      local items = result and (result.items or result) or {}
      -- Where suggestions come only when asked for, those stay while the writer types along or takes a word.
      if not invoked and #items == 0 and self.several and self:remainder() then
        return
      end
      self.several = invoked
      self:receive(items, params.position)
      if received then
        received()
      end
    end
  end, self.buffer)
  self.request = request
end

---What the writer typed may go along with the suggestion, or want another one.
function GhostText:update()
  self:draw()
  if place_now() ~= self.asked then
    self:fetch(false) -- some keys are two events
  end
end

function GhostText:cancel()
  if self.request then
    self.client:cancel_request(self.request)
  end
  self.request = nil
  self.asked = nil
end

---The server has more of what it answered for `version`. Nothing comes back that the writer has dismissed.
---@param version integer
function GhostText:refresh(version)
  if version == vim.lsp.util.buf_versions[self.buffer] and self:remainder() then
    self:fetch(false)
  end
end

---Insert `part` of what is shown, as one step of the undo history.
---@param part fun(text: string): string what it begins with
---@return boolean accepted
function GhostText:take(part)
  local text = self:remainder()
  if not text then
    return false
  end
  local line, column = caret()
  local lines = vim.split(part(text), '\n', { plain = true })
  vim.go.undolevels = vim.go.undolevels -- ends the undo step of the typing before
  vim.api.nvim_buf_set_text(self.buffer, line, column, line, column, lines)
  local last = #lines[#lines] + (#lines == 1 and column or 0)
  vim.api.nvim_win_set_cursor(0, { line + #lines, last })
  self:draw()
  return true
end

---@return boolean accepted
function GhostText:accept()
  return self:take(function(text)
    return text
  end)
end

---Insert the next word, or the marks before it.
---@return boolean accepted
function GhostText:accept_word()
  return self:take(function(text)
    -- Letters that are no ASCII take more than one byte.
    return text:match("^%s*[%w\128-\255'-]+") or text:match('^%s*[^%w%s\128-\255]+') or text
  end)
end

---@return boolean accepted
function GhostText:accept_sentence()
  return self:take(function(text)
    local stop = vim.fn.matchend(text, SENTENCE_END)
    return stop < 0 and text or text:sub(1, stop)
  end)
end

---Show the suggestion that comes `step` after the one shown, and first ask for several.
---@param step integer
---@return boolean there_is_one
function GhostText:cycle(step)
  if not self:remainder() then
    return false
  end
  local function turn()
    self.shown = (self.shown - 1 + step) % math.max(#self.suggestions, 1) + 1
    self:draw()
  end
  if self.several then
    turn()
  else
    self:fetch(true, turn)
  end
  return true
end

function GhostText:next()
  return self:cycle(1)
end

function GhostText:previous()
  return self:cycle(-1)
end

---Ask for several suggestions, wherever the caret is.
---@return boolean always
function GhostText:ask()
  self:fetch(true)
  return true
end

---@return boolean there_was_one
function GhostText:dismiss()
  local showing = self:remainder() ~= nil
  self:clear()
  return showing
end

local M = {}

---@param client vim.lsp.Client
---@param buffer integer
---@return lsp_writer.GhostText
function M.attach(client, buffer)
  local ghost_text =
    setmetatable({ client = client, buffer = buffer, suggestions = {}, shown = 1, several = false }, GhostText)
  local group = vim.api.nvim_create_augroup('lsp_writer.ghost_text.' .. buffer, {})
  local function on(events, callback)
    vim.api.nvim_create_autocmd(events, { group = group, buffer = buffer, callback = callback })
  end
  local function update()
    ghost_text:update()
  end

  on('TextChangedI', update)
  on('InsertEnter', vim.schedule_wrap(update)) -- only afterwards is the caret where `A` or `o` puts it
  on('CursorMovedI', function()
    ghost_text:draw() -- moving about asks for nothing
  end)
  -- While the menu is open, the text changes by typing or by choosing.
  on('TextChangedP', function()
    if vim.fn.complete_info({ 'selected' }).selected >= 0 then
      ghost_text:clear()
    else
      ghost_text:update()
    end
  end)
  -- A selection begins with leaving Insert mode, too.
  on({ 'InsertLeave', 'BufLeave' }, function()
    ghost_text:clear()
  end)
  on('LspDetach', function(event)
    if event.data.client_id == client.id then
      ghost_text:clear()
      vim.api.nvim_del_augroup_by_id(group)
    end
  end)
  return ghost_text
end

return M
