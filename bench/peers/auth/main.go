// The service that whiply's verification and login are compared with: net/http, tokens by golang-jwt (HS256),
// passwords by bcrypt at cost 10. It keeps revoked sessions in memory, as an edge does.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/crypto/bcrypt"
)

const bcryptCost = 10

type claims struct {
	Session string `json:"sid"`
	Handle  string `json:"preferred_username"`
	Name    string `json:"name"`
	Role    string `json:"role"`
	jwt.RegisteredClaims
}

type service struct {
	key     []byte
	mutex   sync.RWMutex
	revoked map[string]struct{}
	hash    []byte
}

func (s *service) isRevoked(session string) bool {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	_, found := s.revoked[session]
	return found
}

var errRevoked = errors.New("the session has ended")

func (s *service) verify(request *http.Request) (*claims, error) {
	token, found := strings.CutPrefix(request.Header.Get("Authorization"), "Bearer ")
	if !found {
		return nil, errors.New("no token")
	}
	told := new(claims)
	_, err := jwt.ParseWithClaims(token, told, func(*jwt.Token) (any, error) { return s.key, nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuer("whiply"), jwt.WithAudience("whiply"),
		jwt.WithExpirationRequired())
	if err != nil {
		return nil, err
	}
	if s.isRevoked(told.Session) {
		return nil, errRevoked
	}
	return told, nil
}

func answer(writer http.ResponseWriter, status int, body any) {
	writer.Header().Set("Content-Type", "application/json")
	writer.WriteHeader(status)
	_ = json.NewEncoder(writer).Encode(body)
}

func (s *service) session(writer http.ResponseWriter, request *http.Request) {
	told, err := s.verify(request)
	if err != nil {
		answer(writer, http.StatusUnauthorized, map[string]string{"code": "token_invalid"})
		return
	}
	answer(writer, http.StatusOK, map[string]any{
		"account":   map[string]string{"id": told.Subject, "handle": told.Handle, "name": told.Name},
		"sessionId": told.Session, "role": told.Role, "expiresAt": told.ExpiresAt.Time,
	})
}

func (s *service) logIn(writer http.ResponseWriter, request *http.Request) {
	var given struct{ Password string }
	if json.NewDecoder(request.Body).Decode(&given) != nil ||
		bcrypt.CompareHashAndPassword(s.hash, []byte(given.Password)) != nil {
		answer(writer, http.StatusUnauthorized, map[string]string{"code": "invalid_credentials"})
		return
	}
	told := claims{Session: "login", RegisteredClaims: jwt.RegisteredClaims{
		Issuer: "whiply", Audience: jwt.ClaimStrings{"whiply"}, Subject: "1",
		ExpiresAt: jwt.NewNumericDate(time.Now().Add(15 * time.Minute)),
	}}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, told).SignedString(s.key)
	if err != nil {
		answer(writer, http.StatusInternalServerError, map[string]string{"code": "internal"})
		return
	}
	answer(writer, http.StatusCreated, map[string]string{"accessToken": token})
}

func (s *service) revoke(writer http.ResponseWriter, request *http.Request) {
	s.mutex.Lock()
	s.revoked[request.PathValue("session")] = struct{}{}
	s.mutex.Unlock()
	writer.WriteHeader(http.StatusNoContent)
}

// Reads the key from PEER_KEY and tells its port on stdout.
func main() {
	hash, err := bcrypt.GenerateFromPassword([]byte("correct horse battery"), bcryptCost)
	if err != nil {
		log.Fatal(err)
	}
	s := &service{key: []byte(os.Getenv("PEER_KEY")), revoked: map[string]struct{}{}, hash: hash}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /v1/session", s.session)
	routes.HandleFunc("POST /v1/sessions", s.logIn)
	routes.HandleFunc("DELETE /v1/sessions/{session}", s.revoke)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, routes))
}
